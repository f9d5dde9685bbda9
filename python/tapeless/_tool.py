"""The command line tool that this package brings, run."""
from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import IO, Any, Callable, List, Optional, Sequence, TextIO

from ._native import HOME, Error

TOOL = HOME / "bin" / "tapeless"


def run(command: str, arguments: Sequence[str]) -> None:
    """Raises Error with what the tool said where it fails."""
    done = subprocess.run([os.fspath(TOOL), command, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
    if done.returncode:
        raise Error(done.stderr.strip() or _silent(command, done.returncode))


def _silent(command: str, status: int) -> str:
    return f"tapeless {command}: it ended with status {status} and said nothing"


def is_progress(line: str) -> bool:
    """What a training says of how far it is; all else that is said is a message."""
    return re.match(r"update \d", line) is not None


class Lines:
    """What the tool says, as it says it: on a terminal its progress in one line that is written over.

    The last message stays behind until there is another: of a tool that fails it is the Error.
    """

    def __init__(self, out: Optional[TextIO], named: Callable[[str], str]) -> None:
        self.out, self.terminal = out, out is not None and out.isatty()
        self.named = named  # a line with the names of files that the caller knows
        self.width = 0
        self.behind: Optional[str] = None

    def say(self, line: str) -> None:
        self._flush()
        if not is_progress(line):
            self.behind = line
        elif self.terminal:
            self._write("\r" + line.ljust(self.width))
            self.width = len(line)
        else:
            self._write(line + "\n")

    def end(self, fine: bool) -> None:
        if fine:
            self._flush()
        self._end_line()

    def _flush(self) -> None:
        if self.behind is not None:
            self._end_line()
            self._write(self.behind + "\n")
            self.behind = None

    def _end_line(self) -> None:
        if self.width:
            self._write("\n")
            self.width = 0

    def _write(self, text: str) -> None:
        if self.out is not None:
            self.out.write(text)
            self.out.flush()


def watch(command: str, arguments: Sequence[str], out: IO[bytes], lines: Lines) -> List[str]:
    """Runs a command whose standard output goes to a file; returns its messages. Where it fails, raises Error with the last of them,
    in front of which a training, for one, says how it reads its data; `data` says nothing but what is wrong.

    Ctrl-C is the tool's, which writes its checkpoint and ends, before it is the caller's; a second one ends the tool at once. A
    terminal tells it to the tool as well, which takes two signals for one where they come together (signals.c); of SIGTERM a sweep
    tells its trainings, which a terminal does of SIGINT.
    """
    child = subprocess.Popen([os.fspath(TOOL), command, *arguments], stdin=subprocess.DEVNULL, stdout=out,
                             stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
    messages: List[str] = []
    interrupted: Optional[KeyboardInterrupt] = None
    with child:
        while child.returncode is None:
            try:
                _listen(child, messages, lines)
            except KeyboardInterrupt as e:
                interrupted = e
                child.terminate()
            except BaseException:
                child.terminate()
                raise
    lines.end(child.returncode == 0 or interrupted is not None)
    if interrupted is not None:
        raise interrupted
    if child.returncode:
        raise Error("\n".join(messages if command == "data" else messages[-1:]) or _silent(command, child.returncode))
    return messages


def _listen(child: subprocess.Popen[str], messages: List[str], lines: Lines) -> None:
    assert child.stderr is not None
    for line in child.stderr:
        line = lines.named(line.rstrip("\n"))
        if line and not is_progress(line):
            messages.append(line)
        if line:
            lines.say(line)
    child.wait()


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
