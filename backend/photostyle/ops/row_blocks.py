"""Large maps are worked through in blocks of rows."""

from __future__ import annotations

from collections.abc import Iterator

import torch

_BLOCK_NUMBERS = {"cpu": 1 << 20, "gpu": 1 << 26}


def row_blocks(rows: int, numbers: int, device: torch.device) -> Iterator[slice]:
    """Blocks of rows, to be worked through one by one.

    On a CPU they are so small that what is made of them stays in its cache; a GPU wants large ones.

    Args:
        rows: How many there are.
        numbers: How many numbers are made of each row.
        device: Where.
    """
    count = max(1, _BLOCK_NUMBERS["cpu" if device.type == "cpu" else "gpu"] // numbers)
    for first in range(0, rows, count):
        yield slice(first, min(rows, first + count))
