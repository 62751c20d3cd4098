"""Gram matrices: the definition, weights, and gradients."""

from __future__ import annotations

import torch
from torch import Tensor

from photostyle.ops.gram import gram, gram_error


def features(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_the_definition() -> None:
    f = features(2, 4, 3, 5)
    weight = features(1, 1, 3, 5, seed=1).abs()
    for b in range(2):
        columns, w = f[b].flatten(1), weight.flatten()
        wanted = sum(w[i] * torch.outer(columns[:, i], columns[:, i]) for i in range(15)) / w.sum()
        torch.testing.assert_close(gram(f, weight)[b], wanted)


def test_a_repeated_picture_has_the_same_gram() -> None:
    f = features(1, 4, 3, 5)
    one, many = (gram(x, torch.ones_like(x[:, :1])) for x in (f, f.repeat(1, 1, 2, 3)))
    torch.testing.assert_close(one, many)


def test_what_has_no_weight_may_be_anything() -> None:
    f, weight = features(1, 4, 3, 5), torch.ones(1, 1, 3, 5, dtype=torch.float64)
    weight[..., 3:] = 0
    other = torch.where(weight > 0, f, torch.full_like(f, 7.0))
    torch.testing.assert_close(gram(f, weight), gram(other, weight))


def test_the_error_is_relative() -> None:
    wanted = gram(features(1, 4, 3, 5), torch.ones(1, 1, 3, 5, dtype=torch.float64))
    assert gram_error(wanted, wanted).item() == 0
    torch.testing.assert_close(gram_error(3 * wanted, wanted).item(), 4.0)


def test_gradients() -> None:
    f, weight = features(1, 3, 3, 4).requires_grad_(), (features(1, 1, 3, 4, seed=1).abs() + 0.1).requires_grad_()
    wanted = gram(features(1, 3, 3, 4, seed=2), torch.ones(1, 1, 3, 4, dtype=torch.float64))
    assert torch.autograd.gradcheck(lambda x, w: gram_error(gram(x, w), wanted), (f, weight))
