"""How far colours are apart, region by region."""

from __future__ import annotations

import pytest
import torch

from photostyle.evaluation.measures.region_color import region_color_distance
from support.tensors import gradient, tensor


def ones(picture: torch.Tensor) -> torch.Tensor:
    return torch.ones_like(picture[:, :1])


def test_equal_pictures_are_at_no_distance(photographs) -> None:
    picture = tensor(photographs["coffee"], 40, 50)
    right = gradient(40, 50)
    assert region_color_distance(picture, picture, [(1 - right, 1 - right), (right, right)]) == 0


def test_a_shift_and_a_stretch_are_counted(photographs) -> None:
    picture = tensor(photographs["coffee"], 40, 50)
    assert region_color_distance(picture + 0.1, picture, [(ones(picture), ones(picture))]) == pytest.approx(
        0.1, abs=1e-4
    )
    mean = picture.mean((2, 3), keepdim=True)
    stretched = mean + 1.5 * (picture - mean)
    wanted = 0.5 * picture.std((2, 3), correction=0).mean().item()
    got = region_color_distance(stretched, picture, [(ones(picture), ones(picture))])
    assert got == pytest.approx(wanted, abs=1e-4)


def test_regions_count_by_their_area() -> None:
    style = torch.zeros(1, 3, 5, 5)
    output = torch.zeros(1, 3, 10, 10)
    output[..., :2] = 0.5
    left = torch.zeros(1, 1, 10, 10)
    left[..., :2] = 1
    regions = [(left, ones(style)), (1 - left, ones(style))]
    assert region_color_distance(output, style, regions) == pytest.approx(0.5 * 0.2)
    assert region_color_distance(output, style, [(torch.zeros_like(left), ones(style))]) == 0
