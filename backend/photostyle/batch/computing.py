"""How the tasks of a batch become pixels: on a device of this machine, or by a daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from photostyle.transfer.compute import with_client, with_engine

if TYPE_CHECKING:
    from photostyle.stylize.task import Pixels, StylizeTask
    from photostyle.transfer.report import Report


class Computing(Protocol):
    """Computes one task after the other, in one thread."""

    def compute(self, task: StylizeTask, report: Report) -> Pixels:
        """The result; see `with_engine`."""

    def close(self) -> None:
        """Give back what stays warm."""


class OnDevice:
    """On a device, with an engine that keeps the methods.

    Args:
        device: ``auto``, ``cpu``, ``cuda:0`` or ``mps``.
    """

    def __init__(self, device: str) -> None:
        from photostyle.stylize.engine import Engine

        self._engine = Engine.load(device)

    def compute(self, task: StylizeTask, report: Report) -> Pixels:
        """See `Computing`."""
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

    def compute(self, task: StylizeTask, report: Report) -> Pixels:
        """See `Computing`."""
        return with_client(self._client, task, report)

    def close(self) -> None:
        """See `Computing`."""
        self._client.close()
