"""Between the memory of the machine and that of a GPU, without a rest for either."""

from __future__ import annotations

import torch
from torch import Tensor


def uploaded(x: Tensor, device: torch.device) -> Tensor:
    """Pixels of the CPU on a device; CUDA fetches them from pinned memory while it goes on with what it has."""
    if device.type != "cuda":
        return x.to(device)
    return torch.empty(x.shape, dtype=x.dtype, pin_memory=True).copy_(x).to(device, non_blocking=True)


class Download:
    """A tensor on its way to the CPU; meanwhile CUDA goes on with what it is asked for next."""

    def __init__(self, x: Tensor) -> None:
        self._copy = x.to("cpu", non_blocking=x.is_cuda)
        self._arrival = torch.cuda.Event() if x.is_cuda else None
        if self._arrival is not None:
            self._arrival.record(torch.cuda.current_stream(x.device))

    def arrived(self) -> Tensor:
        """The tensor on the CPU; waits until it is there."""
        if self._arrival is not None:
            self._arrival.synchronize()
        return self._copy
