"""CIEDE2000 against scikit-image."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from skimage.color import deltaE_ciede2000, rgb2lab

from photostyle.evaluation.measures.delta_e import mean_delta_e
from photostyle.ops.delta_e import delta_e_2000
from support.tensors import tensor


def as_tensor(lab: np.ndarray) -> torch.Tensor:
    """(N, 3) as (1, 3, 1, N)."""
    return torch.from_numpy(lab.T.copy())[None, :, None]


def difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return delta_e_2000(as_tensor(first), as_tensor(second)).flatten().numpy()


def test_colours_all_over_lab_are_as_far_apart_as_scikit_image_says() -> None:
    generator = np.random.default_rng(5)
    first, second = (generator.uniform((0, -110, -110), (100, 110, 110), (20_000, 3)) for _ in range(2))
    near = first + generator.normal(0, 1, first.shape)
    for other in (second, near):
        np.testing.assert_allclose(difference(first, other), deltaE_ciede2000(first, other), rtol=1e-6, atol=1e-9)


def test_greys_and_opposite_hues_are_right_too() -> None:
    """Where hues jump: greys, which have none, the axes, and pairs on either side of the half turn."""
    axes = [(50.0, a, b) for a, b in itertools.product((-2.49, -0.001, 0.0, 0.001, 2.5), repeat=2)]
    pairs = np.array(list(itertools.product(axes, [*axes, (73.0, 25.0, -18.0), (56.0, -27.0, -3.0)])))
    first, second = pairs[:, 0], pairs[:, 1]
    np.testing.assert_allclose(difference(first, second), deltaE_ciede2000(first, second), rtol=1e-6, atol=1e-6)


def test_pictures_are_as_far_apart_as_scikit_image_says(photographs) -> None:
    a, b = (tensor(photographs[name], 60, 70) for name in ("coffee", "astronaut"))
    labs = [rgb2lab(p[0].permute(1, 2, 0).double().numpy()) for p in (a, b)]
    assert mean_delta_e(a, b) == pytest.approx(deltaE_ciede2000(*labs).mean(), abs=2e-3)
    assert mean_delta_e(a, a) == 0
    assert mean_delta_e(torch.zeros(1, 3, 2, 2), torch.ones(1, 3, 2, 2)) == pytest.approx(100, abs=1e-3)
