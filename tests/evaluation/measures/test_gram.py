"""Style distances against a reference in numpy, through the shipped encoder and through a small pyramid."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photostyle.evaluation.measures import networks, registry
from photostyle.evaluation.measures.base import Sample
from photostyle.features.base import Features
from support.tensors import gradient, tensor

NAMES = ("gram", "cov", "gram-region")


class Pyramid(Features):
    """The picture itself and its mean over 4x4 pixels; counts how often it looks."""

    title = "pyramid"
    taps = ("full", "quarter")
    channels = (3, 3)
    content_tap = 0

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))
        self.looked = 0

    def forward(self, x: Tensor, last: str | None = None) -> list[Tensor]:
        self.looked += 1
        return [x * self.scale, F.avg_pool2d(x, 4)][: self.count(last)]


def reference_gram(features: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return np.einsum("ahw,bhw,hw->ab", features, features, weight) / weight.sum()


def reference(network: Features, sample: Sample, centred: bool = False) -> float:
    """By definition, in double precision, one pixel's outer product after the other."""
    output, style = ([f[0].double().numpy() for f in network(p)] for p in (sample.output, sample.style))
    taps = []
    for o, s in zip(output, style, strict=True):
        distances = []
        for on_output, on_style in sample.regions:
            picked = [
                w[0, 0].double().numpy()[:: w.shape[2] // f.shape[1], :: w.shape[3] // f.shape[2]]
                for w, f in ((on_output, o), (on_style, s))
            ]
            if min(w.sum() for w in picked) <= 10:
                continue
            centre = [f.mean((1, 2), keepdims=True) * centred for f in (o, s)]
            got, wanted = (reference_gram(f - c, w) for f, c, w in zip((o, s), centre, picked, strict=True))
            distances.append((np.linalg.norm(got - wanted) / np.linalg.norm(wanted), picked[0].sum()))
        if distances:
            taps.append(sum(d * a for d, a in distances) / sum(a for _, a in distances))
    return float(np.mean(taps))


def whole(picture: Tensor) -> Tensor:
    return torch.ones_like(picture[:, :1])


@pytest.fixture
def sample(photographs) -> Sample:
    """A third of the picture is one region, the rest another, a corner is too small for the small tap."""
    output, style = tensor(photographs["coffee"], 64, 96), tensor(photographs["chelsea"], 80, 48)
    left, top, corner = torch.zeros(1, 1, 64, 96), torch.zeros(1, 1, 80, 48), torch.zeros(1, 1, 64, 96)
    left[..., :32] = 1
    top[:, :, :20] = 1
    corner[..., :12, -8:] = 1
    regions = [(left, top), (1 - left - corner, 1 - top), (corner, top)]
    return Sample(tensor(photographs["rocket"], 64, 96), style, output, regions)


@pytest.fixture(params=[networks.load, Pyramid])
def network(request: pytest.FixtureRequest) -> Features:
    return request.param().eval()


def test_they_equal_the_reference(network: Features, sample: Sample) -> None:
    gram, cov, by_region = (measure.compute(sample) for measure in registry.load(NAMES, network))
    undivided = sample._replace(regions=[(whole(sample.output), whole(sample.style))])
    with torch.no_grad():
        assert gram == pytest.approx(reference(network, undivided), rel=1e-4)
        assert cov == pytest.approx(reference(network, undivided, centred=True), rel=1e-3)
        assert by_region == pytest.approx(reference(network, sample), rel=1e-4)
    assert len({round(figure, 4) for figure in (gram, cov, by_region)}) == 3


def test_soft_regions_count_by_their_weight(sample: Sample) -> None:
    network = Pyramid()
    soft = sample._replace(regions=[(gradient(64, 96), gradient(80, 48)), (1 - gradient(64, 96), whole(sample.style))])
    (measure,) = registry.load(["gram-region"], network)
    with torch.no_grad():
        assert measure.compute(soft) == pytest.approx(reference(network, soft), rel=1e-4)


def test_equal_pictures_are_at_no_distance(network: Features, sample: Sample) -> None:
    same = sample._replace(style=sample.output, regions=[(a, a) for a, _ in sample.regions])
    for measure in registry.load(NAMES, network):
        assert measure.compute(same) == pytest.approx(0, abs=1e-6)


def test_regions_too_small_for_every_tap_give_no_figure(sample: Sample) -> None:
    dot = torch.zeros(1, 1, 64, 96)
    dot[..., :2, :5] = 1
    (measure,) = registry.load(["gram-region"], Pyramid())
    assert math.isnan(measure.compute(sample._replace(regions=[(dot, whole(sample.style))])))


def test_a_style_is_looked_at_once(sample: Sample) -> None:
    """Its statistics are kept, for a picture read again too; each output is looked at once for all measures."""
    network = Pyramid()
    measures = registry.load(NAMES, network)
    for strength in (0.2, 0.5, 1.0):
        mixed = torch.lerp(sample.content, sample.output, strength)
        for measure in measures:
            measure.compute(sample._replace(output=mixed, style=sample.style.clone()))
    assert network.looked == 3 + 1


def test_no_gradient_is_kept(sample: Sample) -> None:
    (measure,) = registry.load(["gram"], Pyramid())
    assert measure.compute(sample._replace(output=sample.output.requires_grad_())) > 0


def test_figures_say_which_network(sample: Sample) -> None:
    for network, word in ((networks.load(), "embedded network"), (Pyramid(), "pyramid")):
        assert all(f"({word}" in measure.title for measure in registry.load(NAMES, network))
