"""The program's commands on tables, with its options as keywords."""
from __future__ import annotations

import csv
import glob
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set

from . import _frames, _predicted, _safetensors, _tool
from ._files import Files
from ._frames import PathLike
from ._native import Error

#: Options that take files, each of which may be a table.
FILES = ("data", "valid_data", "train_data", "future", "calibrate")
#: Options that take names of columns, with commas between them.
COLUMNS = ("input", "target", "keep", "calendar")
#: Options that take a dict: NAME=VALUE, each by itself.
NAMED = ("define", "set", "input", "target")


class Result(Dict[str, Any]):
    """What a command's ``--json`` says, as a dict; ``messages``: what it said on stderr, but for its progress."""

    messages: Sequence[str] = ()


class Ranking(List[Dict[str, Any]]):
    """The trials of a sweep as dicts, the best first, with the columns of ``sweep.csv``; ``best`` is the path of its weights."""

    directory: str = ""
    best: str = ""


# ---- options ----

def _columns_text(names: Any) -> str:
    """
    >>> _columns_text(["a", "b, c", 1]), _columns_text("a,b")
    ('a,"b, c",1', 'a,b')
    """
    if isinstance(names, str) or not isinstance(names, (list, tuple)):
        return str(names)
    return ",".join(f'"{name}"' if "," in str(name) else str(name) for name in names)


def _values(name: str, value: Any) -> List[str]:
    """What stands behind an option each time that it is given."""
    if isinstance(value, Mapping):
        one = _columns_text if name in COLUMNS else _tool.text
        return [f"{key}={one(v)}" for key, v in value.items()]
    if name in COLUMNS:
        return [_columns_text(value)]
    if isinstance(value, (list, tuple)):
        return [_tool.text(v) for v in value]
    return [os.fspath(value) if isinstance(value, os.PathLike) else _tool.text(value)]


def _words(options: Mapping[str, Any], files: Files) -> List[str]:
    """Keywords as the program's options; None and False leave one out."""
    words: List[str] = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            words.append(option)
        elif name in FILES:
            words += [f"{option}={path}" for path in files.paths(name, value)]
        elif _frames.is_table(value) and not (name in NAMED and isinstance(value, Mapping)):
            raise Error(f"{name}: it takes no table and no dict; tables are for {', '.join(FILES)}, dicts for {', '.join(NAMED)}")
        else:
            words += [f"{option}={v}" for v in _values(name, value)]
    if files.names and not files.others and not {"header", "no_header"} & set(options):
        words.append("--header")  # names that are numbers are names all the same
    return words


# ---- running ----

class _Run:
    """A command that has run: what it printed, and its messages."""

    def __init__(self, command: str, arguments: Sequence[str], files: Files, progress: Optional[bool]) -> None:
        shown = sys.stderr is not None and (sys.stderr.isatty() if progress is None else progress)
        lines = _tool.Lines(sys.stderr if shown else None, files.said)
        with tempfile.TemporaryFile() as out:
            self.messages = _tool.watch(command, arguments, out, lines)
            out.seek(0)
            self.printed = files.said(out.read().decode())

    def result(self) -> Result:
        try:
            result = Result(json.loads(self.printed))
        except ValueError:  # the help, which somebody asked for
            raise Error(self.printed.strip()) from None
        result.messages = self.messages
        return result


def _reported(command: str, spec: PathLike, options: Mapping[str, Any], progress: Optional[bool]) -> Result:
    with Files() as files:
        words = _words(options, files)
        return _Run(command, [os.fspath(spec), "--json", *words], files, progress).result()


def train(spec: PathLike, data: Any = None, *, progress: Optional[bool] = None, **options: Any) -> Result:
    """``tapeless train``: learns from a table, a text or tensors, into a checkpoint.

    :param data: a path, a dict of columns, a pandas.DataFrame, a pyarrow.Table, the path of a Parquet file, or a list of these, a
        sequence each
    :param progress: what the program says on stderr; None: if that is a terminal
    :param options: the program's, with ``_`` for ``-``: ``checkpoint="c.safetensors"``, ``valid=0.2``, ``overwrite=True``,
        ``target=["load", "price"]``, ``input={"clock": ["day.sin", "day.cos"]}``, ``define={"hidden": 16}``,
        ``set={"train.clip_norm": 1}``; `valid_data` is as `data`

    Returns ``updates``, ``loss``, ``valid_loss`` and all else that ``--json`` says. What is wrong is an Error with the program's
    sentence, in which a table is called ``<data>`` and its names of columns are line 1. Ctrl-C ends the training with its checkpoint
    written, and then is a KeyboardInterrupt; ``resume=True`` goes on, bit for bit.
    """
    return _reported("train", spec, {"data": data, **options}, progress)


def evaluate(spec: PathLike, data: Any = None, *, progress: Optional[bool] = None, **options: Any) -> Result:
    """``tapeless eval``: how good a checkpoint's model is, in the data's units (docs/evaluation.md).

    `data` and `options` are as in ``train``: ``checkpoint="c.safetensors"``, ``held_out=True``, ``baselines=True``, ``season=24``,
    ``backtest=24``, ``per="sequence"``; `train_data` is as `data`. Returns ``loss``, ``targets``, ``columns`` and what was asked for.
    """
    return _reported("eval", spec, {"data": data, **options}, progress)


def data(table: Any, spec: Optional[PathLike] = None, *, progress: Optional[bool] = None, **options: Any) -> Result:
    """``tapeless data``: what a table has, a dict a column in ``columns``; with a spec, what a training would read of it."""
    with Files() as files:
        paths = files.paths("data", table)
        arguments = [*paths, *([] if spec is None else [os.fspath(spec)]), "--json", *_words(options, files)]
        return _Run("data", arguments, files, progress).result()


def predict(spec: PathLike, data: Any, *, progress: Optional[bool] = None, **options: Any) -> Any:
    """``tapeless predict``: what a checkpoint's model says of a table, in the table's units, a row for each that it predicts.

    `data` and `options` are as in ``train``: ``checkpoint="c.safetensors"``, ``horizon=24``, ``future=table``, ``keep=["promo",
    "actual"]``; `future` is as `data`. Returns a dict of arrays by column, ``[rows]`` each, or, where some table was one, a
    pandas.DataFrame: the column of sequences, times (datetime64), ``row`` (NaN where a row is in no table), what is kept, and a
    column for each target, float64 or words.
    """
    with Files() as files:
        to = next((os.fspath(options[name]) for name in ("output", "out") if options.get(name)), None)
        ours = files.own("predicted.csv")
        words = _words({"data": data, **options, **({} if to else {"output": ours})}, files)
        _Run("predict", [os.fspath(spec), *words], files, progress)
        words_given = files.words - {_time_column(spec, options)}
        columns = _predicted.read(to or ours, words_given, _kept(options.get("keep")), files.names)
        return sys.modules["pandas"].DataFrame(columns) if files.frame else columns


def _time_column(spec: PathLike, options: Mapping[str, Any]) -> Optional[str]:
    """Which is one of times also where it was given as words."""
    given = options.get("checkpoint") or _identifier(spec) + ".safetensors"
    checkpoint = os.fspath(given[0] if isinstance(given, (list, tuple)) else given)
    if not os.path.exists(checkpoint):  # a pattern, or the tool says that there is none
        checkpoint = min(glob.glob(checkpoint), default=checkpoint)
    return options.get("time") or _safetensors.metadata(checkpoint).get("data.time")


def _kept(keep: Any) -> Set[str]:
    text = _columns_text(keep) if keep else ""
    return {name for row in csv.reader([text]) for name in row} - {"actual"}


def sweep(spec: PathLike, data: Any = None, *, progress: Optional[bool] = None, **options: Any) -> Ranking:
    """``tapeless sweep``: many trainings side by side, ranked (docs/sweep.md).

    `data` and `options` are as in ``train``; what is varied is a list, or text as on the command line: ``define={"hidden": [8,
    16]}``, ``set={"lr": "log:1e-4..1e-1"}``, ``trials=40``. Returns the trials as dicts, the best first: ``rank``, ``trial``, what was
    varied, the score, ``failed`` with the reason where one has. All stands in the folder `output`, the best weights at the result's
    ``best``. Ctrl-C ends all trainings with their checkpoints written; the same call with ``resume=True`` goes on.
    """
    output = os.fspath(options.pop("output", None) or options.pop("out", None) or _identifier(spec) + "-sweep")
    with Files(output) as files:
        words = _words({"data": data, **options, "output": output}, files)
        said = _Run("sweep", [os.fspath(spec), "--json", *words], files, progress).result()
    ranking = Ranking(_trials(Path(said["directory"], "sweep.csv"), files))
    ranking.directory, ranking.best = said["directory"], said["best"]
    return ranking


def _identifier(spec: PathLike) -> str:
    """What the program names files after, where no name is given; but for names that C has taken."""
    return re.sub(r"[^0-9A-Za-z]", "_", Path(spec).stem)


def _trials(path: Path, files: Files) -> List[Dict[str, Any]]:
    with open(path, newline="", encoding="utf-8") as f:
        return [{name: _predicted.guessed_cell(files.said(cell)) for name, cell in row.items()} for row in csv.DictReader(f)]
