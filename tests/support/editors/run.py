"""One run of an editor, with everything that it starts, ended as a whole."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from support.leaks import family
from support.waiting import wait_for

RUN_VARIABLE = "PHOTOSTYLE_TEST_RUN"
"""Inherited by all processes of one run, by which those that detached themselves are found."""


@dataclass(frozen=True)
class Done:
    """What a run that has ended left.

    Attributes:
        stdout: What it printed.
        stderr: Its complaints; both editors print much that means nothing.
        code: Exit status.
    """

    stdout: str
    stderr: str
    code: int


class Run:
    """A running editor."""

    def __init__(self, command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> None:
        """Start it.

        Args:
            command: The command line.
            folder: Where what it prints is kept.
            variables: Added to the environment.
        """
        self._mark = uuid.uuid4().hex
        self._stdout, self._stderr = folder / f"{self._mark}.out", folder / f"{self._mark}.err"
        environment = {**os.environ, "TMPDIR": str(folder), **variables, RUN_VARIABLE: self._mark}
        # Files, for a pipe would stay open as long as anything that was started lives.
        with self._stdout.open("wb") as stdout, self._stderr.open("wb") as stderr:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env=environment
            )

    @property
    def stdout(self) -> str:
        return self._stdout.read_text(errors="replace")

    @property
    def stderr(self) -> str:
        return self._stderr.read_text(errors="replace")

    def processes(self, name: str = "") -> list[psutil.Process]:
        """Living processes of this run whose command line contains `name`."""
        return [process for process in family() if self._is_mine(process) and name in _command_line(process)]

    def wait(self, seconds: float) -> Done:
        """Wait until it has ended by itself.

        Raises:
            AssertionError: It has not after these seconds, and was ended.
        """
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop(signal.SIGKILL)
            raise AssertionError(f"the editor has not ended after {seconds:g} s\n{self.tail()}") from None
        return Done(self.stdout, self.stderr, code)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it, and everything that it has started."""
        if self.process.poll() is None:
            self.process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        wait_for(self._kill_all, 30, "the end of an editor")
        self.process.wait(10)

    def tail(self) -> str:
        """The end of what it has printed, for messages."""
        return f"{self.stdout[-2000:]}\n{self.stderr[-4000:]}"

    def _kill_all(self) -> bool:
        left = self.processes()
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.kill()
        return not left

    def _is_mine(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error, OSError):
            return bool(process.environ().get(RUN_VARIABLE) == self._mark)
        return False


def _command_line(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""
