"""What the machine can do at most: no program multiplies or copies faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch

from photostyle.bench.clock import Used
from photostyle.bench.device import settle
from photostyle.ops.precision import half_where_fast

_SIDE, _SIDE_ON_GPU = 1024, 8192
"""Of the matrices; a small product is over before a GPU has really begun."""
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
    side = _SIDE if device.type == "cpu" else _SIDE_ON_GPU
    a, b = torch.rand((2, side, side), device=device).to(dtype)
    return 2 * side**3 / 1e9 / _least(lambda: a @ b, device)


def _least(work: Callable[[], object], device: torch.device) -> float:
    """Seconds of the fastest of a few runs."""
    work()
    found = []
    for _ in range(_TIMES):
        settle(device)
        begin = Used.now()
        work()
        settle(device)
        used = Used.now().since(begin)
        found.append(used.cpu if device.type == "cpu" else used.wall)
    return max(min(found), 1e-9)
