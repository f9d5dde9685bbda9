"""Files for the tool: what the caller gave as a table, written for as long as a command runs."""
from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from typing import IO, Any, Dict, List, Optional, Set

from . import _frames


class Files:
    """A context; with it the files go, also where something fails.

    In a `directory` of the caller's their names follow from what is in them, so that who comes back to it later finds the
    same ones; else they stand in a temporary directory of their own.
    """

    def __init__(self, directory: Optional[str] = None) -> None:
        self.directory = directory
        self.names: Dict[str, str] = {}  # path: what messages are to call it
        self.words: Set[str] = set()  # columns that are words in some table
        self.frame = False  # a pandas.DataFrame was given
        self.others = False  # so was a file that stays as it is
        self._own: Optional[tempfile.TemporaryDirectory[str]] = None
        self._written: List[str] = []

    def __enter__(self) -> Files:
        self._own = tempfile.TemporaryDirectory(prefix="tapeless-")
        return self

    def __exit__(self, *_: Any) -> None:
        assert self._own is not None
        self._own.cleanup()
        for path in self._written:
            os.unlink(path)

    def own(self, name: str) -> str:
        """A path for a file that only this command knows."""
        assert self._own is not None
        return os.path.join(self._own.name, name)

    def paths(self, option: str, given: Any) -> List[str]:
        """What an option that takes files is given: one table, one path, or a list of these."""
        if not isinstance(given, (list, tuple)):
            return [self._path(f"<{option}>", given)]
        several = len(given) > 1
        return [self._path(f"<{option}[{i}]>" if several else f"<{option}>", one) for i, one in enumerate(given)]

    def _path(self, label: str, given: Any) -> str:
        if not _frames.is_path(given):
            self.frame |= _frames.is_frame(given)
            return self._write(given, label)
        path = os.fspath(given)
        self.others |= not _frames.is_parquet(path)
        return self._write(_frames.read_parquet(path), path) if _frames.is_parquet(path) else path

    def _write(self, table: Any, label: str) -> str:
        path = self.own(f"{len(self.names)}.csv")
        with open(path, "w", encoding="utf-8", newline="") as f:
            self.words |= _frames.write(_frames.columns_of(table, label), f, label)
        path = path if self.directory is None else self._moved(path, self.directory)
        self.names[path] = label
        return path

    def _moved(self, path: str, directory: str) -> str:
        with open(path, "rb") as f:
            to = os.path.join(directory, f"data-{_digest(f)}.csv")
        os.makedirs(directory, exist_ok=True)
        if not os.path.exists(to):  # else another command is at work on it
            shutil.move(path, to)
            self._written.append(to)
        return to

    def said(self, text: str) -> str:
        """With the names that the caller knows."""
        for path, name in self.names.items():
            text = text.replace(path, name)
        return text


def _digest(f: IO[bytes]) -> str:
    of = hashlib.sha256()
    for block in iter(lambda: f.read(1 << 20), b""):
        of.update(block)
    return of.hexdigest()[:16]
