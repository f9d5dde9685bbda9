"""Columns of a Parquet file as arrays, by pyarrow or, where that is not installed, pandas: neither is needed for anything else."""
from __future__ import annotations

import os
from typing import Any, Callable, List, Optional, Sequence, Tuple, Union

import numpy as np

from ._native import Error

#: From a path: the names of all columns, and what gives one as an array.
Columns = Tuple[List[str], Callable[[str], np.ndarray]]


def _by_pyarrow(path: str) -> Columns:
    import pyarrow.parquet as parquet

    file = parquet.ParquetFile(path)
    return file.schema_arrow.names, lambda name: file.read(columns=[name]).column(name).to_numpy()


def _by_pandas(path: str) -> Columns:
    import pandas

    frame = pandas.read_parquet(path)
    return [str(n) for n in frame.columns], lambda name: frame[name].to_numpy()


def _open(path: str) -> Columns:
    for read in (_by_pyarrow, _by_pandas):
        try:
            return read(path)
        except ImportError:
            continue
        except OSError:
            raise
        except Exception as e:
            raise Error(f"{path}: it cannot be read as Parquet: {e}") from e
    raise Error(f"{path}: Parquet is read by pyarrow or pandas, and neither is installed: pip install pyarrow")


def _need(path: str, names: Sequence[str], wanted: Sequence[str]) -> None:
    for name in wanted:
        if name not in names:
            raise Error(f"{path}: there is no column {name!r}; there are {', '.join(names)}")


def _numbers(path: str, name: str, array: np.ndarray) -> np.ndarray:
    if array.dtype.kind not in "fiub":
        what = {"M": "times", "m": "durations", "O": "no numbers", "U": "words", "S": "words"}.get(array.dtype.kind, "no numbers")
        raise Error(f"{path}: column {name!r} is {what}; columns=[...] chooses those that are numbers")
    return array


def _places(path: str, name: str, labels: np.ndarray) -> List[np.ndarray]:
    """The rows of each sequence, in the order in which sequences begin."""
    if any(x is None or x != x for x in labels.tolist()):
        raise Error(f"{path}: column {name!r} has an empty cell: which sequence is the row of?")
    _, first, which = np.unique(labels.astype(str) if labels.dtype.kind == "O" else labels, return_index=True, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(which.ravel()))[:-1])
    return [parts[i] for i in np.argsort(first)]


def read_parquet(path: Union[str, "os.PathLike[str]"], columns: Union[str, Sequence[str], None] = None,
                 sequence: Optional[str] = None) -> Any:
    """Columns of a Parquet file, ``[rows, columns]``, or of one that is named alone ``[rows]``; without `columns` all, but for `sequence`.

    With `sequence`, the column that tells sequences apart, a list of such arrays: one for each, in the order in which they
    begin, rows as they stand in the file. An empty cell is NaN. What comes out is what `fit`, `predict` and their like take.
    """
    path = os.fspath(path)
    names, column = _open(path)
    wanted = [columns] if isinstance(columns, str) else [n for n in names if n != sequence] if columns is None else list(columns)
    _need(path, names, wanted + ([sequence] if sequence is not None else []))
    if not wanted:
        raise Error(f"{path}: columns=[] chooses none; there are {', '.join(names)}")
    arrays = [_numbers(path, n, column(n)) for n in wanted]
    table = arrays[0] if isinstance(columns, str) else np.column_stack(arrays)
    return table if sequence is None else [table[rows] for rows in _places(path, sequence, column(sequence))]
