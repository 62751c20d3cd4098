"""How the tasks of a batch become pixels: on a device of this machine, or by a daemon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from photostyle.batch.series import Book, chapter
from photostyle.transfer.compute import with_client, with_engine

if TYPE_CHECKING:
    from photostyle.stylize.task import Pixels, StylizeTask
    from photostyle.transfer.report import Report
    from photostyle_protocol.request import Settings


class Computing(Protocol):
    """Computes one task after the other, in one thread."""

    def series_of(self, settings: Settings) -> str | None:
        """Digest of the series whose statistics the results share, if they do."""

    def compute(self, task: StylizeTask, report: Report) -> Pixels:
        """The result; see `with_engine`."""

    def close(self) -> None:
        """Give back what stays warm."""


class OnDevice:
    """On a device, with an engine that keeps the methods.

    Args:
        device: ``auto``, ``cpu``, ``cuda:0`` or ``mps``.
        book: What is known of the series, if all results have one look.
    """

    def __init__(self, device: str, book: Book | None = None) -> None:
        from photostyle.stylize.engine import Engine

        self._engine = Engine.load(device)
        self._book = book

    def series_of(self, settings: Settings) -> str | None:
        """See `Computing`."""
        return None if self._book is None else self._book[chapter(settings)].digest

    def compute(self, task: StylizeTask, report: Report) -> Pixels:
        """See `Computing`."""
        if self._book is not None:
            task = replace(task, series=self._book[chapter(task.settings)].series)
        return with_engine(self._engine, task, report)

    def close(self) -> None:
        """See `Computing`."""
        self._engine.release()


class ByDaemon:
    """By a daemon that runs already.

    Args:
        endpoint: See `Client.connect`.
    """

    def __init__(self, endpoint: str) -> None:
        from photostyle_protocol.client import Client

        self._client = Client.connect(endpoint)

    def series_of(self, settings: Settings) -> None:
        """See `Computing`; a daemon knows of none."""

    def compute(self, task: StylizeTask, report: Report) -> Pixels:
        """See `Computing`."""
        return with_client(self._client, task, report)

    def close(self) -> None:
        """See `Computing`."""
        self._client.close()
