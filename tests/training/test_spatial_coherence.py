"""The SCP loss."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.training.spatial_coherence import SpatialCoherence


def maps(seed: int) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    sizes = ((2, 6, 7), (3, 3, 4))
    return [torch.randn((1, *size), generator=generator, dtype=torch.float64) for size in sizes]


def test_at_first_it_is_the_reconstruction_loss() -> None:
    loss = SpatialCoherence((2, 3), (2.0, 0.5)).double()
    q, p = maps(1), maps(2)
    plain = sum((a - b).square().mean() / scale for a, b, scale in zip(q, p, (2.0, 0.5), strict=True))
    torch.testing.assert_close(loss(q, p), plain)
    assert loss(p, p) == 0


def test_its_kernels_learn_to_see_the_content_in_aggregated_features() -> None:
    """Features in another contrast still tell the content: the loss asks for no more."""
    loss = SpatialCoherence((2, 3), (1.0, 1.0))
    p = [x.float() for x in maps(2)]
    q = [0.5 * x for x in p]
    optimizer = torch.optim.Adam(loss.parameters(), lr=0.02)
    before = loss(q, p).item()
    for _ in range(200):
        optimizer.zero_grad()
        loss(q, p).backward()
        optimizer.step()
    assert loss(q, p).item() < 0.02 * before


def test_gradients_are_those_of_finite_differences() -> None:
    torch.manual_seed(0)
    loss = SpatialCoherence((2, 3), (2.0, 0.5)).double()
    q, p = ([x.requires_grad_() for x in maps(k)] for k in (1, 2))
    assert torch.autograd.gradcheck(lambda a, b, c, d: loss((a, b), (c, d)), (*q, *p))
    kernel = loss.kernels[1].weight
    wanted = torch.autograd.grad(loss(q, p), kernel)[0]
    for place in ((0, 1, 0, 2), (2, 2, 1, 1)):
        step = torch.zeros_like(kernel)
        step[place] = 1e-5
        around = []
        for sign in (1, -1):
            kernel.data += sign * step
            around.append(loss(q, p).item())
            kernel.data -= sign * step
        assert (around[0] - around[1]) / 2e-5 == pytest.approx(float(wanted[place]), rel=1e-5)
