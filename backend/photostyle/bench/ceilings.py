"""What the machine can do at most: no program multiplies or copies faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch

from photostyle.bench.clock import Used
from photostyle.ops.precision import half_where_fast

_SIDE = 1024
_COPIED = 1 << 28
_TIMES = 5


class Ceilings(NamedTuple):
    """Per second of the processor; on a GPU, of the clock.

    Attributes:
        single: GFLOP of a matrix product in float32.
        half: The same in the half precision that the engine uses here.
        copy: GB that are read and written when a large buffer is copied.
    """

    single: float
    half: float
    copy: float


def measure_ceilings(device: torch.device) -> Ceilings:
    """Measure them; takes a few seconds."""
    source = torch.zeros(_COPIED // 4, device=device)
    target = torch.empty_like(source)
    copied = _COPIED * 2 / 1e9 / _least(lambda: target.copy_(source), device)
    return Ceilings(_product(torch.float32, device), _product(half_where_fast(device), device), copied)


def _product(dtype: torch.dtype, device: torch.device) -> float:
    a, b = torch.rand((2, _SIDE, _SIDE), device=device).to(dtype)
    return 2 * _SIDE**3 / 1e9 / _least(lambda: a @ b, device)


def _least(work: Callable[[], object], device: torch.device) -> float:
    """Seconds of the fastest of a few runs."""
    work()
    found = []
    for _ in range(_TIMES):
        begin = Used.now()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        used = Used.now().since(begin)
        found.append(used.cpu if device.type == "cpu" else used.wall)
    return max(min(found), 1e-9)
