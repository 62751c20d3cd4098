"""Where small matrices are computed, in float64: a GPU that is waited for rests.

Products stay where they are. What takes eigenvalues or singular values runs on the CPU: the drivers of a GPU make the
program wait for each of them, and one copy of all that is needed is one wait.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from photostyle.ops.transfer import Download


def exact(x: Tensor) -> Tensor:
    """In float64, on its device where that has it, else on the CPU."""
    return (x.to("cpu") if x.device.type == "mps" else x).to(torch.float64)


class OnTheWay:
    """Small tensors of one device and type on their way to the CPU, see `Download`.

    Args:
        tensors: They come together, so that a GPU is waited for once.
    """

    def __init__(self, tensors: Sequence[Tensor]) -> None:
        self._shapes = [t.shape for t in tensors]
        self._together = Download(torch.cat([t.reshape(-1) for t in tensors]))

    def arrived(self) -> list[Tensor]:
        """The tensors on the CPU; waits until they are there."""
        parts = self._together.arrived().split([shape.numel() for shape in self._shapes])
        return [part.view(shape) for part, shape in zip(parts, self._shapes, strict=True)]


def on_cpu(tensors: Sequence[Tensor]) -> list[Tensor]:
    """Tensors of one device and type in float64 on the CPU."""
    return [t.to(torch.float64) for t in OnTheWay(tensors).arrived()]


def like(x: Tensor, other: Tensor) -> Tensor:
    """A small tensor in another's type and on its device; no GPU is waited for."""
    return x.to(other.dtype).to(other.device, non_blocking=other.is_cuda)


def solved(matrix: Tensor, right: Tensor) -> Tensor:
    """A⁻¹ B of regular matrices: to be told that one is singular the program would wait for a GPU."""
    found: Tensor = torch.linalg.solve_ex(matrix, right).result
    return found
