"""What a GPU does beside the program: awaited before a clock is read, and its memory counted."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch


def settle(device: torch.device) -> None:
    """Wait until the device has done all that it was asked for."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


class DevicePeak:
    """Bytes that tensors took at most on a device, beyond those of the beginning; 0 on the CPU and where none counts.

    Args:
        device: Whose memory.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._begin = 0
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
            self._begin = torch.cuda.memory_allocated(device)
        self.bytes = 0

    def look(self) -> None:
        """See how many they were up to now."""
        if self._device.type == "cuda":
            self.bytes = torch.cuda.max_memory_allocated(self._device) - self._begin


@contextlib.contextmanager
def watched_device(device: torch.device) -> Iterator[DevicePeak]:
    """Count what is taken within."""
    peak = DevicePeak(device)
    yield peak
    peak.look()
