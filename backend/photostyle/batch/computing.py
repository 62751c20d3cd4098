"""How the tasks of a batch become pixels: on a device of this machine, or by a daemon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from photostyle.transfer.compute import with_client, with_engine

if TYPE_CHECKING:
    from photostyle.batch.series import Series
    from photostyle.stylize.task import Pixels, StylizeTask
    from photostyle.transfer.report import Report


class Computing(Protocol):
    """Computes one task after the other, in one thread."""

    @property
    def series(self) -> str | None:
        """Digest of the statistics that all results share, if they do."""

    def compute(self, task: StylizeTask, report: Report) -> Pixels:
        """The result; see `with_engine`."""

    def close(self) -> None:
        """Give back what stays warm."""


class OnDevice:
    """On a device, with an engine that keeps the methods.

    Args:
        device: ``auto``, ``cpu``, ``cuda:0`` or ``mps``.
        series: The statistics that all results share.
    """

    def __init__(self, device: str, series: Series | None) -> None:
        from photostyle.stylize.engine import Engine

        self._engine = Engine.load(device)
        self._series = series

    @property
    def series(self) -> str | None:
        """See `Computing`."""
        return None if self._series is None else self._series.digest

    def compute(self, task: StylizeTask, report: Report) -> Pixels:
        """See `Computing`."""
        if self._series is not None:
            task = replace(task, series=self._series.mosaic)
        return with_engine(self._engine, task, report)

    def close(self) -> None:
        """See `Computing`."""
        self._engine.release()


class ByDaemon:
    """By a daemon that runs already.

    Args:
        endpoint: See `Client.connect`.
    """

    series: str | None = None

    def __init__(self, endpoint: str) -> None:
        from photostyle_protocol.client import Client

        self._client = Client.connect(endpoint)

    def compute(self, task: StylizeTask, report: Report) -> Pixels:
        """See `Computing`."""
        return with_client(self._client, task, report)

    def close(self) -> None:
        """See `Computing`."""
        self._client.close()
