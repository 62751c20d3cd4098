"""Transfers that are under way; one timer gives all of them their steps on Krita's thread."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from photostyle_plugin.errors import say
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import JobCancelledError

from . import remarks
from .qt import QtCore

if TYPE_CHECKING:
    from photostyle_plugin.transfer import Progress, Transfer

TICK_MS = 30
_BUDGET_SECONDS = 0.015
"""How long a tick goes on: Krita draws in between. A single step may take longer, never shorter steps are forced."""


class Run(QtCore.QObject):
    """One transfer.

    Attributes:
        name: What is being made.
        fraction: How much is done, 0–1.
        text: What is being done, or how it ended.
        hint: What to do about a failure; empty otherwise.
        state: ``running``, ``done``, ``cancelled`` or ``failed``.
        changed: Emitted whenever one of these has changed.
    """

    changed = QtCore.pyqtSignal()

    def __init__(self, transfer: Transfer, name: str) -> None:
        super().__init__()
        self.name = name
        self.fraction = 0.0
        self.text = Words.queued
        self.hint = ""
        self.state = "running"
        self.transfer = transfer
        self._steps: Iterator[Progress] = transfer.steps()
        self._is_stepping = False

    def step(self) -> None:
        """Do one step. Krita may draw and take clicks in the middle of one, while it inserts the layer."""
        if self._is_stepping or self.state != "running":
            return
        self._is_stepping = True
        try:
            self._advance()
        finally:
            self._is_stepping = False

    def _advance(self) -> None:
        try:
            progress = next(self._steps)
        except StopIteration:
            self._end("done", Words.done)
            remarks.show(self.transfer.remarks)
        except JobCancelledError as error:
            self._end("cancelled", say(error)[0])
        except Exception as error:  # whatever it was, the person has to hear of it
            self._end("failed", *say(error))
        else:
            self.fraction, self.text = progress.fraction, progress.text
            self.changed.emit()

    def cancel(self) -> None:
        """Stop it; its layer does not come into being. While the layer is being inserted it is too late."""
        if self.state == "running" and not self._is_stepping:
            self._steps.close()  # type: ignore[attr-defined]
            self._end("cancelled", Words.cancelled)

    def _end(self, state: str, text: str, hint: str = "") -> None:
        self.state, self.text, self.hint = state, text, hint
        self.fraction = 1.0 if state == "done" else self.fraction
        self.changed.emit()


class Queue(QtCore.QObject):
    """All runs of this Krita.

    Attributes:
        runs: The newest last; ended ones stay until they are removed.
        changed: Emitted when a run was added or removed.
    """

    changed = QtCore.pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self, transfer: Transfer, name: str) -> Run:
        """Begin a transfer."""
        run = Run(transfer, name)
        self.runs.append(run)
        self._timer.start()
        self.changed.emit()
        return run

    def remove(self, run: Run) -> None:
        """Cancel a run if it is under way, and forget it."""
        run.cancel()
        if run in self.runs:
            self.runs.remove(run)
            self.changed.emit()

    def close(self) -> None:
        """Cancel everything."""
        for run in list(self.runs):
            self.remove(run)

    def _tick(self) -> None:
        deadline = time.monotonic() + _BUDGET_SECONDS
        while time.monotonic() < deadline:
            running = [run for run in self.runs if run.state == "running"]
            if not running:
                self._timer.stop()
                return
            before = _positions(running)
            for run in running:
                run.step()
            if _positions(running) == before:
                return  # all of them wait for the backend


def _positions(runs: list[Run]) -> list[Any]:
    return [(run.state, run.fraction) for run in runs]
