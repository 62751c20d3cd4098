"""Graded pairs: overlapping crops of one photograph under one grade that can be seen and is no ruin."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from skimage.color import deltaE_ciede2000, rgb2lab

from photostyle.evaluation.graded_pairs import GradedPair, graded_pairs
from photostyle.stylize.task import Pixels

RUN = 24


@pytest.fixture(scope="module")
def small(photographs: Mapping[str, Pixels]) -> list[tuple[str, Pixels]]:
    return [(name, pixels[::2, ::2]) for name, pixels in photographs.items()]


@pytest.fixture(scope="module")
def pairs(small: list[tuple[str, Pixels]]) -> list[GradedPair]:
    return list(graded_pairs(small))


def runs(pixels: Pixels) -> set[bytes]:
    """All rows of so many greens in a picture."""
    return {run.tobytes() for run in sliding_window_view(pixels[:, :, 1], RUN, axis=1).reshape(-1, RUN)}


def test_content_and_truth_show_the_same_and_the_style_another_part(pairs: list[GradedPair]) -> None:
    for pair in pairs:
        assert pair.content.shape == pair.truth.shape == pair.style.shape
        assert pair.content.dtype == np.uint8
        assert runs(pair.truth) & runs(pair.style), "they share a part of the photograph, under the same grade"
        assert not np.array_equal(pair.style, pair.truth)


def test_the_grade_can_be_seen_and_is_no_ruin(pairs: list[GradedPair]) -> None:
    for pair in pairs:
        difference = deltaE_ciede2000(rgb2lab(pair.content), rgb2lab(pair.truth)).mean()
        assert 5.8 < difference < 22.2


def test_a_pair_depends_on_its_name_and_the_seed_alone(
    small: list[tuple[str, Pixels]], pairs: list[GradedPair]
) -> None:
    (again,) = graded_pairs(small[1:2])
    np.testing.assert_array_equal(again.style, pairs[1].style)
    (other,) = graded_pairs(small[1:2], seed=1)
    assert not np.array_equal(other.style, pairs[1].style)
