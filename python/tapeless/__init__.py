"""tapeless: recurrent models, compiled.

>>> import numpy as np, tapeless
>>> m = tapeless.compile("sensor.lua", hidden=12)
>>> X = np.random.default_rng(1).uniform(-1, 1, (2000, 4))
>>> Y = X[:, :1] - 0.5 * np.roll(X[:, 1:2], 1)
>>> history = m.fit(X, Y, valid=0.1, epochs=3)
>>> history.loss[-1] < history.loss[0]
True
>>> m.predict(X).shape
(2000, 1)

docs/python.md has the rest.
"""
from ._native import Error
from .commands import Ranking, Result, data, evaluate, predict, sweep, train
from .fit import History
from .model import Model, compile
from .online import Online
from .window import Part, Window

__all__ = ["Error", "History", "Model", "Online", "Part", "Ranking", "Result", "Window", "compile", "data", "evaluate", "predict",
           "sweep", "train"]
