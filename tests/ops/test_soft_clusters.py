"""Soft clusters: they find what is apart, the same at every run."""

from __future__ import annotations

import pytest
import torch

from photostyle.ops.soft_clusters import soft_clusters

NOISE = torch.Generator().manual_seed(3)
EVEN = torch.ones((1, 1, 20, 30))


def three_kinds() -> torch.Tensor:
    """Three columns of ten pixels around −1, 0 and 1, (1, 2, 20, 30)."""
    level = torch.tensor([-1.0, 0.0, 1.0]).repeat_interleave(10).expand(1, 2, 20, 30)
    return level + 0.05 * torch.randn((1, 2, 20, 30), generator=NOISE)


def test_each_kind_is_a_cluster() -> None:
    clusters = soft_clusters(three_kinds(), EVEN, 3)
    torch.testing.assert_close(clusters.sum(1), torch.ones((1, 20, 30)))
    best = clusters[0].argmax(0)
    columns = [best[:, first : first + 10] for first in (0, 10, 20)]
    assert all((column == column[0, 0]).all() for column in columns)
    assert len({int(column[0, 0]) for column in columns}) == 3


def test_what_does_not_count_founds_no_cluster() -> None:
    features = three_kinds()
    weight = EVEN.clone()
    weight[..., 20:] = 0
    clusters = soft_clusters(features, weight, 2)[0].argmax(0)
    assert (clusters[:, :10] != clusters[:, 10:20]).all()


def test_it_is_the_same_every_time() -> None:
    features = three_kinds()
    assert torch.equal(soft_clusters(features, EVEN, 4), soft_clusters(features, EVEN, 4))


@pytest.mark.parametrize("size", [(1, 1), (1, 3), (4, 4)])
def test_less_places_than_clusters_and_all_alike(size: tuple[int, int]) -> None:
    clusters = soft_clusters(torch.zeros((1, 2, *size)), torch.ones((1, 1, *size)), 5)
    torch.testing.assert_close(clusters.sum(1), torch.ones((1, *size)))
