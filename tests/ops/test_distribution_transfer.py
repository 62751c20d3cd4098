"""Histogram matching against optimal transport in one dimension, and the iterations in three."""

from __future__ import annotations

import numpy as np
import torch
from scipy.stats import wasserstein_distance
from torch import Tensor

from photostyle.ops.distribution_transfer import match_histogram, random_rotations, transfer_step
from support.tensors import tensor


def pixels(photograph, side: int = 64) -> Tensor:
    return tensor(photograph, side, side)[0].flatten(1)


def test_matching_equals_sorting(photographs) -> None:
    """Between as many samples each, optimal transport on a line pairs them in order."""
    x, y = pixels(photographs["coffee"])[0], pixels(photographs["chelsea"])[1]
    got = match_histogram(x, torch.ones_like(x), y, torch.ones_like(y))
    wanted = torch.empty_like(x)
    wanted[x.argsort(stable=True)] = y.sort().values
    assert (got - wanted).abs().mean() < 3 / 255
    assert wasserstein_distance(got.numpy(), y.numpy()) < 2 / 255


def test_matching_is_monotone(photographs) -> None:
    x, y = pixels(photographs["coffee"])[0], pixels(photographs["chelsea"])[1]
    got = match_histogram(x, torch.ones_like(x), y, torch.ones_like(y))
    assert got[x.argsort()].diff().min() >= -1e-6


def test_weights_decide_what_counts() -> None:
    x = torch.linspace(0, 1, 1001)
    target = torch.cat([torch.linspace(0.2, 0.3, 500), torch.linspace(0.7, 0.9, 500)])
    only_upper = torch.cat([torch.zeros(500), torch.ones(500)])
    got = match_histogram(x, torch.ones_like(x), target, only_upper)
    assert got.min() > 0.69
    assert got.max() < 0.91
    upper_half = (x > 0.5).float()
    matched = match_histogram(x, upper_half, target, only_upper)[x > 0.5]
    assert abs(matched.mean() - 0.8) < 0.01


def test_equal_distributions_stay(photographs) -> None:
    x = pixels(photographs["coffee"])[0]
    torch.testing.assert_close(match_histogram(x, torch.ones_like(x), x, torch.ones_like(x)), x, atol=1e-4, rtol=0)


def test_flat_values_are_moved_onto_the_target() -> None:
    flat = torch.full((50,), 0.5)
    moved = match_histogram(flat, torch.ones(50), torch.full((9,), 0.25), torch.ones(9))
    torch.testing.assert_close(moved, torch.full((50,), 0.25), atol=2e-3, rtol=0)
    torch.testing.assert_close(match_histogram(flat, torch.ones(50), flat, torch.ones(50)), flat, atol=1e-4, rtol=0)


def test_one_value_becomes_the_middle_of_the_target(photographs) -> None:
    """Wherever it lies between two points of the histogram: large even areas have no rank of their own."""
    y = pixels(photographs["chelsea"])[1]
    for value in (0.0, 0.4937, 0.5, 1.0):
        moved = match_histogram(torch.full((50,), value), torch.ones(50), y, torch.ones_like(y))
        torch.testing.assert_close(moved, y.median().expand(50), atol=0.02, rtol=0)


def test_rotations_are_rotations_and_repeat() -> None:
    rotations = random_rotations(20, seed=0)
    torch.testing.assert_close(rotations @ rotations.transpose(1, 2), torch.eye(3).expand(20, 3, 3), atol=1e-5, rtol=0)
    torch.testing.assert_close(rotations[0], torch.eye(3))
    assert torch.equal(rotations, random_rotations(20, seed=0))


def test_iterations_come_near_in_every_direction(photographs) -> None:
    x, y = pixels(photographs["coffee"]), pixels(photographs["astronaut"])
    axes = np.random.default_rng(5).normal(size=(12, 3))
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)

    def apart(x: Tensor) -> float:
        return float(np.mean([wasserstein_distance(axis @ x.numpy(), axis @ y.numpy()) for axis in axes]))

    before = apart(x)
    for rotation in random_rotations(12, seed=0):
        x = transfer_step(x, torch.ones(x.shape[1]), y, torch.ones(y.shape[1]), rotation)
    assert apart(x) < 0.06 * before
