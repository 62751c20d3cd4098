"""Levels: sizes from coarse to fine, and what is carried from one to the next."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from photostyle.methods.optimisation.levels import carried, level_sizes, resized

SIDE = st.integers(1, 5000)


def test_sizes_double_up_to_the_longest_side() -> None:
    assert level_sizes(3000, 4000, 512) == [(96, 128), (192, 256), (384, 512)]


def test_a_small_picture_is_not_made_larger_than_a_network_needs() -> None:
    assert level_sizes(100, 80, 512) == [(100, 80)]
    assert level_sizes(1, 1, 512) == [(32, 32)]
    assert level_sizes(1, 2000, 512) == [(32, 512)]


@given(SIDE, SIDE, st.integers(64, 2048))
def test_any_picture_has_levels_within_bounds(height: int, width: int, longest: int) -> None:
    sizes = level_sizes(height, width, longest)
    assert 1 <= len(sizes) <= 3
    assert sizes == sorted(sizes)
    assert all(32 <= side <= longest for size in sizes for side in size)


def test_no_change_carried_is_the_photograph_to_the_bit() -> None:
    content = torch.rand(1, 3, 37, 53)
    assert torch.equal(carried(torch.zeros(1, 3, 10, 13), content), content)


def test_a_smooth_change_survives_the_way_up() -> None:
    ramp = torch.linspace(-0.2, 0.3, 64).expand(1, 3, 48, 64)
    content = torch.rand(1, 3, 96, 128)
    assert (carried(ramp, content) - content - resized(ramp, (96, 128))).abs().max() < 1e-6
