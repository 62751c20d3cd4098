"""What stays warm between jobs: the device and the methods that were loaded."""

from __future__ import annotations

import gc

import torch

from photostyle.methods import registry
from photostyle.methods.base import Method
from photostyle.ops.precision import keep_all_digits
from photostyle.ops.remembered import Remembered
from photostyle.stylize.composition import Look
from photostyle.stylize.styles import Style
from photostyle_protocol.errors import BadOptionError

_LOOKS_KEPT, _STYLES_KEPT = 4, 4


def _choose(device: str) -> torch.device:
    if device != "auto":
        return torch.device(device)
    if torch.cuda.is_available():
        return torch.device("cuda:0")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


class Engine:
    """A device and the methods that were loaded on it.

    Args:
        device: Where everything runs.

    Attributes:
        looks: The last ones, so that a slider that only decides how a look is put on costs no more than that.
        styles: The last photographs, reduced.
    """

    def __init__(self, device: torch.device) -> None:
        keep_all_digits(device)
        self.device = device
        self._methods: dict[str, Method] = {}
        self._on_cpu: Engine | None = None
        self._forget()

    def _forget(self) -> None:
        self.looks: Remembered[Look] = Remembered(_LOOKS_KEPT)
        self.styles: Remembered[Style] = Remembered(_STYLES_KEPT)

    @classmethod
    def load(cls, device: str = "auto") -> Engine:
        """An engine on a device: ``auto`` (CUDA, then MPS, then the CPU), ``cpu``, ``cuda:0`` or ``mps``.

        Raises:
            BadOptionError: There is no such device.
        """
        try:
            chosen = _choose(device)
            torch.zeros(1, device=chosen).item()
        except (RuntimeError, AssertionError) as error:
            reason = str(error).split("\n", 1)[0]
            raise BadOptionError(f"The device {device!r} cannot be used: {reason}.", "Try --device auto.") from error
        return cls(chosen)

    @property
    def device_name(self) -> str:
        """The device for people, such as ``CPU, 2 threads``."""
        if self.device.type == "cuda":
            return torch.cuda.get_device_name(self.device)
        return f"CPU, {torch.get_num_threads()} threads" if self.device.type == "cpu" else self.device.type.upper()

    def method(self, name: str) -> Method:
        """A method, made once.

        Raises:
            UnknownMethodError: No method has this name.
        """
        if name not in self._methods:
            self._methods[name] = registry.load(name)(self.device)
        return self._methods[name]

    @property
    def has_gpu(self) -> bool:
        """Whether the device has a memory of its own, beside which there is the machine's."""
        return self.device.type != "cpu"

    def on_cpu(self) -> Engine:
        """The same methods on the CPU: for what the device has no memory for."""
        if self._on_cpu is None:
            self._on_cpu = Engine(torch.device("cpu")) if self.has_gpu else self
        return self._on_cpu

    def release(self) -> None:
        """Give back the memory of what is only kept for later, the loaded methods included."""
        self._methods.clear()
        self._forget()
        gc.collect()
        if self.device.type in ("cuda", "mps"):
            getattr(torch, self.device.type).empty_cache()
