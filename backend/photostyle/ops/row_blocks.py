"""Large maps are worked through in blocks of rows."""

from __future__ import annotations

from collections.abc import Iterator

import torch

_BLOCK_NUMBERS = {"cpu": 1 << 20, "gpu": 1 << 26}
_MOST_THREADS = 4


def _block_numbers(device: torch.device) -> int:
    if device.type != "cpu":
        return _BLOCK_NUMBERS["gpu"]
    threads = torch.get_num_threads()
    # To wake the others for a small block takes longer than to do it alone: two threads took half as long again.
    return _BLOCK_NUMBERS["cpu"] * (1 if threads == 1 else 4 * min(threads, _MOST_THREADS))


def row_blocks(rows: int, numbers: int, device: torch.device) -> Iterator[slice]:
    """Blocks of rows, to be worked through one by one.

    For one thread they are so small that what is made of them stays in its cache; several threads, and a GPU, want
    large ones.

    Args:
        rows: How many there are.
        numbers: How many numbers are made of each row.
        device: Where.
    """
    count = max(1, _block_numbers(device) // numbers)
    for first in range(0, rows, count):
        yield slice(first, min(rows, first + count))
