"""The table that `tapeless predict` writes, as columns of NumPy's."""
from __future__ import annotations

import csv
import re
from typing import Dict, List, Mapping, Sequence, Set, Union

import numpy as np

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})$")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$")
_TIME = re.compile(r"\d{4}-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?)?$")


def _all(pattern: "re.Pattern[str]", cells: Sequence[str]) -> bool:
    there = [cell for cell in cells if cell]
    return bool(there) and all(pattern.match(cell) for cell in there)


def _numbers(cells: Sequence[str]) -> np.ndarray:
    return np.array([float(cell) if cell else np.nan for cell in cells])


def guessed(cells: Sequence[str]) -> np.ndarray:
    """Whole numbers, numbers, times or words, by what all cells are that are there.

    >>> [guessed(c).dtype.kind for c in (["1", "20"], ["1", ""], ["007", "1"], ["2024-02-01T13:30", ""])]
    ['i', 'f', 'U', 'M']
    """
    if all(cells) and _all(_WHOLE, cells):
        return np.array([int(cell) for cell in cells], np.int64)
    if _all(_NUMBER, cells):
        return _numbers(cells)
    if _all(_TIME, cells):
        return np.array([cell or "NaT" for cell in cells], "datetime64")
    return np.array(cells, str)


def guessed_cell(cell: str) -> Union[int, float, str, None]:
    """
    >>> [guessed_cell(c) for c in ("3", "1e-3", "adam", "")]
    [3, 0.001, 'adam', None]
    """
    if not cell:
        return None
    return int(cell) if _WHOLE.match(cell) else float(cell) if _NUMBER.match(cell) else cell


def _outputs(header: Sequence[str], kept: Set[str]) -> Set[str]:
    """Columns of reals that the model says: those behind `row` but for what is kept and for classes, which have a probability."""
    said = header[header.index("row") + 1:]
    return {name for name in said if name not in kept and name + ".probability" not in said}


def read(path: str, words: Set[str], kept: Set[str], names: Mapping[str, str]) -> Dict[str, np.ndarray]:
    """`words`: columns that were given as words, and stay these; `kept`: those of --keep; `names`: what paths are to be called."""
    with open(path, newline="", encoding="utf-8") as f:
        header, *rows = csv.reader(f)
    outputs = _outputs(header, kept)
    columns: Dict[str, np.ndarray] = {}
    for i, name in enumerate(header):
        cells: List[str] = [row[i] for row in rows]
        if name in words:
            columns[name] = np.array(cells, str)
        elif name in outputs and not any(cell and not _NUMBER.match(cell) for cell in cells):
            columns[name] = _numbers(cells)
        else:
            columns[name] = guessed([names.get(cell, cell) for cell in cells])
    return columns
