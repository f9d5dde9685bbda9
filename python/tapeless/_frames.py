"""Tables of the caller's, of whichever library, as CSV files that the tool reads without loss."""
from __future__ import annotations

import datetime
import decimal
import importlib
import os
import sys
from typing import Any, Callable, Iterable, List, Mapping, Set, TextIO, Tuple, Union

import numpy as np

from ._native import Error

PathLike = Union[str, "os.PathLike[str]"]
Column = Tuple[str, np.ndarray]

#: A missing cell. With quotes, so that a row of a table of one column is no blank line.
MISSING = '""'


# ---- what is given ----

def is_path(table: Any) -> bool:
    """Of a file that the tool reads itself, or of a Parquet file."""
    return isinstance(table, (str, os.PathLike))


def is_parquet(path: PathLike) -> bool:
    return os.fspath(path).lower().endswith((".parquet", ".pq"))


def is_frame(table: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(table, pandas.DataFrame)


def _is_arrow(table: Any) -> bool:
    arrow = sys.modules.get("pyarrow")
    return arrow is not None and isinstance(table, (arrow.Table, arrow.RecordBatch))


def is_table(value: Any) -> bool:
    return is_frame(value) or _is_arrow(value) or isinstance(value, Mapping)


def columns_of(table: Any, label: str) -> List[Column]:
    """Names and cells; `label` is what messages call the table."""
    named: Iterable[Tuple[Any, Any]]
    if hasattr(table, "to_arrow"):  # polars, for one
        table = table.to_arrow()
    if is_frame(table):
        named = ((name, _frame_cells(cells)) for name, cells in _with_index(table).items())
    elif _is_arrow(table):
        named = ((name, _arrow_cells(table.column(i))) for i, name in enumerate(table.schema.names))
    elif isinstance(table, Mapping):
        named = table.items()
    else:
        raise Error(f"{label}: it is of type {type(table).__name__}; it takes a path, a dict of columns, a pandas.DataFrame or a "
                    "pyarrow.Table")
    return _checked([(str(name), np.asarray(cells)) for name, cells in named], label)


def _checked(columns: List[Column], label: str) -> List[Column]:
    if not columns:
        raise Error(f"{label}: it has no column")
    for name, cells in columns:
        if cells.ndim != 1:
            raise Error(f"{label}: column '{name}' has the shape {list(cells.shape)}; a column has one cell a row")
        if len(cells) != len(columns[0][1]):
            raise Error(f"{label}: column '{name}' has {len(cells)} rows, and '{columns[0][0]}' {len(columns[0][1])}")
    return columns


def _with_index(frame: Any) -> Any:
    """An index that has a name is a column, and so is one of times; others only count rows."""
    named = any(name is not None for name in frame.index.names)
    return frame.reset_index() if named or getattr(frame.index, "dtype", np.dtype(object)).kind == "M" else frame


def _frame_cells(column: Any) -> Any:
    """Of whole numbers of which some are missing NumPy would make floats."""
    return column if isinstance(column.dtype, np.dtype) or column.dtype.kind not in "iu" else column.to_numpy(object)


def _arrow_cells(column: Any) -> Any:
    """Likewise."""
    if column.null_count and str(column.type).startswith(("int", "uint")):
        return np.array(column.to_pylist(), object)
    return column.to_numpy(zero_copy_only=False) if not hasattr(column, "chunks") else column.to_numpy()


def read_parquet(path: PathLike) -> Any:
    """By pyarrow, or by pandas, with whatever it reads them."""
    for module, reader in (("pyarrow.parquet", "read_table"), ("pandas", "read_parquet")):
        try:
            return getattr(importlib.import_module(module), reader)(os.fspath(path))
        except ImportError:
            continue
        except Exception as e:  # whatever theirs are
            raise Error(f"{os.fspath(path)}: {e}") from None
    raise Error(f"{os.fspath(path)}: pyarrow reads Parquet files, and is not installed: pip install pyarrow")


# ---- cells ----

def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _times(cells: np.ndarray) -> List[str]:
    """ISO 8601, no finer than they are: a day has no clock."""
    if np.datetime_data(cells.dtype)[0] not in ("Y", "M"):
        there = cells[~np.isnat(cells)]
        unit = next(u for u in ("D", "m", "s", "ms", "us", "ns", None) if u is None or (there.astype(f"M8[{u}]") == there).all())
        cells = cells if unit is None else cells.astype(f"M8[{unit}]")
    return ["" if t == "NaT" else t for t in np.datetime_as_string(cells).tolist()]


def _is_missing(cell: Any) -> bool:
    return cell is None or type(cell).__name__ in ("NAType", "NaTType") or (isinstance(cell, float) and cell != cell)


def _cell(cell: Any, where: Callable[[], str]) -> str:
    cell = cell.item() if isinstance(cell, np.generic) and not isinstance(cell, np.datetime64) else cell
    if _is_missing(cell):
        return MISSING
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, (bytes, str)):
        return _quoted(cell if isinstance(cell, str) else cell.decode())
    if isinstance(cell, (int, float, decimal.Decimal)):
        return str(cell)
    if isinstance(cell, (datetime.date, datetime.datetime)):
        return cell.isoformat()
    if isinstance(cell, np.datetime64):
        return _times(np.array([cell]))[0] or MISSING
    raise Error(f"{where()} holds a {type(cell).__name__}; cells are numbers, words and times")


def cells_of(name: str, cells: np.ndarray, label: str) -> List[str]:
    """As they stand in the file: floats as repr has them, times as ISO 8601 has them, words in quotes, and nothing where one is missing."""
    kind = cells.dtype.kind
    if kind == "f":
        return [repr(x) if x == x else MISSING for x in cells.astype(np.float64).tolist()]
    if kind in "iub":
        return [str(int(x)) for x in cells.tolist()]
    if kind == "M":
        return [t or MISSING for t in _times(cells)]
    if kind == "U":
        return [_quoted(x) for x in cells.tolist()]
    if kind in "OS":
        return [_cell(x, lambda: f"{label}: column '{name}'") for x in cells.tolist()]
    raise Error(f"{label}: column '{name}' holds {cells.dtype}; cells are numbers, words and times")


def is_words(cells: np.ndarray) -> bool:
    return cells.dtype.kind in "US" or (cells.dtype.kind == "O" and any(isinstance(x, (str, bytes)) for x in cells.tolist()))


def write(columns: Iterable[Column], to: TextIO, label: str) -> Set[str]:
    """The names of the columns that are words."""
    columns = list(columns)
    texts = [cells_of(name, cells, label) for name, cells in columns]
    to.write(",".join(_quoted(name) for name, _ in columns) + "\n")
    to.writelines(",".join(row) + "\n" for row in zip(*texts))
    return {name for name, cells in columns if is_words(cells)}
