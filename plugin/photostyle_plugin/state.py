"""How the backend does, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from photostyle_plugin.errors import say
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import PhotostyleError

Kind = Literal["starting", "ready", "absent", "failed"]


@dataclass(frozen=True)
class BackendState:
    """What a session knows of the backend.

    Attributes:
        kind: ``starting``, ``ready``, ``absent`` (not installed) or ``failed``.
        device: Where it computes, as it says itself (``CPU, 2 threads``); ``auto`` or empty while it does not know.
        error: Why it is absent or failed.
    """

    kind: Kind
    device: str = ""
    error: PhotostyleError | None = None

    @property
    def knows_device(self) -> bool:
        """Whether `device` is a name; until its worker has loaded, the daemon only knows what it was asked for."""
        return self.device not in ("", "auto", "mps") and not self.device.startswith("cuda")

    def sentence(self) -> str:
        """One line for a status bar."""
        if self.error is not None:
            return say(self.error)[0]
        return Words.backend_starting if self.kind == "starting" else _ready_on(self.device)

    def hint(self) -> str:
        """What to do about it; empty where nothing is wrong."""
        return "" if self.error is None else say(self.error)[1]


def _ready_on(device: str) -> str:
    name = device.lower()
    if name in ("", "auto"):
        return Words.backend_ready
    if name.startswith("cpu"):
        return Words.backend_cpu
    return Words.backend_gpu_unnamed if name.startswith("cuda") else Words.backend_gpu.format(name=device)
