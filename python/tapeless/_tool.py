"""The command line tool that this package brings, run."""
from __future__ import annotations

import os
import subprocess
import sys
from typing import Any, List, Sequence

from ._native import HOME, Error

TOOL = HOME / "bin" / "tapeless"


def run(command: str, arguments: Sequence[str]) -> None:
    """Raises Error with what the tool said where it fails."""
    done = subprocess.run([os.fspath(TOOL), command, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
    if done.returncode:
        raise Error(done.stderr.strip() or f"tapeless {command}: it ended with status {done.returncode} and said nothing")


def text(value: Any) -> str:
    """A value as -D and --set take it.

    >>> text(True), text(0.25), text((0.9, 0.99)), text("last")
    ('true', '0.25', '0.9,0.99', 'last')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(text(v) for v in value)
    return str(value)


def main() -> None:
    """The command ``tapeless``: the tool itself."""
    arguments: List[str] = [os.fspath(TOOL), *sys.argv[1:]]
    os.execv(arguments[0], arguments)
