"""Byte work without numpy, held against numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photostyle_plugin.pixelbytes import copy_channel, is_nonzero, keep_unselected, swap_red_blue

SIZES = st.sampled_from([1, 2, 4, 8])
SEEDS = st.integers(0, 2**32 - 1)


def noise(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


@settings(deadline=None)
@given(st.integers(0, 50), st.integers(1, 32), SEEDS, st.floats(0, 1))
def test_keep_unselected(count: int, size: int, seed: int, share: float) -> None:
    styled, original = noise(seed, 2, count, size)
    selection = noise(seed + 1, count) * (np.random.default_rng(seed).random(count) < share)
    expected = np.where(selection[:, None] != 0, styled, original)
    kept = keep_unselected(styled.tobytes(), original.tobytes(), selection.astype(np.uint8).tobytes(), size)
    assert kept == expected.tobytes()
    assert type(kept) is bytes


@settings(deadline=None)
@given(st.integers(0, 50), st.integers(1, 4), st.integers(0, 3), SIZES, SEEDS)
def test_copy_channel(count: int, channels: int, channel: int, size: int, seed: int) -> None:
    channel %= channels
    target, source = noise(seed, 2, count, channels, size)
    expected = target.copy()
    expected[:, channel] = source[:, channel]
    mine = bytearray(target.tobytes())
    copy_channel(mine, source.tobytes(), channel, channels, size)
    assert mine == expected.tobytes()


@settings(deadline=None)
@given(st.integers(0, 50), SIZES, SEEDS)
def test_swap_red_blue(count: int, size: int, seed: int) -> None:
    pixels = noise(seed, count, 4, size)
    swapped = swap_red_blue(pixels.tobytes(), size)
    assert swapped == pixels[:, [2, 1, 0, 3]].tobytes()
    assert swap_red_blue(swapped, size) == pixels.tobytes()


@settings(deadline=None)
@given(st.integers(0, 50), SIZES, SEEDS)
def test_is_nonzero(count: int, size: int, seed: int) -> None:
    values = noise(seed, count, size) * (noise(seed + 1, count, size) > 200)
    folded = is_nonzero(values.astype(np.uint8).tobytes(), size)
    assert [bool(value) for value in folded] == [bool(value.any()) for value in values]


def test_wrong_lengths() -> None:
    with pytest.raises(ValueError, match="2 pixels of 3 bytes"):
        keep_unselected(bytes(6), bytes(5), bytes(2), 3)
    with pytest.raises(ValueError, match="no pixels"):
        copy_channel(bytearray(8), bytes(12), 3, 4, 1)
    with pytest.raises(ValueError, match="no pixels"):
        copy_channel(bytearray(6), bytes(6), 3, 4, 1)
