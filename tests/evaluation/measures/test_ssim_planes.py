"""SSIM by channel, in three protocols, against scikit-image."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from skimage.filters import sobel
from skimage.metrics import structural_similarity

from photostyle.evaluation.measures import registry
from photostyle.evaluation.measures.base import Sample
from photostyle.evaluation.measures.ssim_edges import edges
from photostyle.evaluation.measures.ssim_planes import ssim_planes
from support.tensors import tensor

WANG = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
LUMA = (0.2126, 0.7152, 0.0722)


@pytest.fixture(params=["unrelated", "mixed", "negative"])
def pair(request: pytest.FixtureRequest, photographs) -> tuple[torch.Tensor, torch.Tensor]:
    a, b = (tensor(photographs[name], 90, 110) for name in ("coffee", "astronaut"))
    return a, {"unrelated": b, "mixed": 0.7 * a + 0.3 * b, "negative": 1 - a}[request.param]


def picture(x: torch.Tensor) -> np.ndarray:
    return x[0].permute(1, 2, 0).double().numpy()


def compute(name: str, a: torch.Tensor, b: torch.Tensor) -> float:
    (measure,) = registry.load([name])
    return measure.compute(Sample(content=b, style=b, output=a, truth=b))


@pytest.mark.parametrize(("name", "peak"), [("ssim-truth", 1.0), ("ssim-yang", 2.0)])
def test_it_is_scikit_image_s(pair: tuple[torch.Tensor, torch.Tensor], name: str, peak: float) -> None:
    wanted = structural_similarity(*map(picture, pair), channel_axis=2, data_range=peak, **WANG)
    assert compute(name, *pair) == pytest.approx(wanted, abs=1e-9)


def test_edges_are_scikit_image_s(pair: tuple[torch.Tensor, torch.Tensor]) -> None:
    magnitudes = [sobel(picture(p) @ LUMA) for p in pair]
    for p, wanted in zip(pair, magnitudes, strict=True):
        np.testing.assert_allclose(edges(p)[0, 0].numpy(), wanted, atol=1e-7)
    wanted = structural_similarity(*magnitudes, data_range=1.0, **WANG)
    assert compute("ssim-edges", *pair) == pytest.approx(wanted, abs=1e-6)


def test_edges_of_a_brighter_picture_are_the_same(photographs) -> None:
    a = tensor(photographs["coffee"], 90, 110) * 0.8
    assert compute("ssim-edges", a + 0.2, a) == pytest.approx(1, abs=1e-6)
    assert compute("ssim", a + 0.2, a) < 0.95


def test_pictures_smaller_than_the_window_have_no_figure() -> None:
    assert math.isnan(ssim_planes(torch.zeros(1, 3, 10, 40), torch.zeros(1, 3, 10, 40)))
    assert ssim_planes(torch.zeros(1, 3, 11, 11), torch.zeros(1, 3, 11, 11)) == pytest.approx(1)
