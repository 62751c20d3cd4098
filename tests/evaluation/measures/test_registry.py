"""What holds for every measure."""

from __future__ import annotations

import pytest
import torch

from photostyle.evaluation.measures import networks, registry
from photostyle.evaluation.measures.base import Measure, Sample
from photostyle_protocol.errors import BadOptionError
from support.tensors import gradient, tensor


@pytest.fixture(params=registry.names())
def measure(request: pytest.FixtureRequest) -> Measure:
    return registry.load([request.param], networks.load())[0]


@pytest.fixture
def sample(photographs) -> Sample:
    content, style = tensor(photographs["coffee"], 200, 210), tensor(photographs["chelsea"], 220, 200)
    regions = [(gradient(200, 210), gradient(220, 200)), (1 - gradient(200, 210), 1 - gradient(220, 200))]
    return Sample(content, style, 0.8 * content + 0.1, regions, content)


def test_a_figure_lies_in_the_range_that_is_said(measure: Measure, sample: Sample) -> None:
    assert measure.applies(sample)
    before = [p.clone() for p in sample[:3]]
    figure = measure.compute(sample)
    assert isinstance(figure, float)
    assert measure.low <= figure <= measure.high
    assert all(torch.equal(a, b) for a, b in zip(before, sample[:3], strict=True))
    assert measure.title
    assert measure.paper


def test_a_measure_is_left_out_where_it_lacks_what_it_needs(measure: Measure, sample: Sample) -> None:
    assert measure.applies(sample._replace(regions=[])) == ("regions" not in measure.needs)
    assert measure.applies(sample._replace(truth=None)) == ("truth" not in measure.needs)


COMPARING = [name for name in registry.names() if name not in {"brisque", "niqe"}]


@pytest.mark.parametrize("measure", COMPARING, indirect=True)
def test_what_compares_with_something_is_best_at_it(measure: Measure, sample: Sample) -> None:
    perfect = Sample(
        sample.content, sample.content, sample.content, [(m, m) for m, _ in sample.regions], sample.content
    )
    best, worse = measure.compute(perfect), measure.compute(sample)
    assert best == pytest.approx(measure.high if measure.better == "higher" else measure.low, abs=1e-6)
    assert best > worse if measure.better == "higher" else best < worse


def test_unknown_names_and_a_missing_network_are_said() -> None:
    with pytest.raises(BadOptionError, match="lpips") as caught:
        registry.load(["lpips"])
    assert all(name in caught.value.hint for name in registry.names())
    with pytest.raises(BadOptionError, match="looks through a network"):
        registry.load(["ssim", "gram"])
    assert [m.name for m in registry.load(["psnr", "ssim"])] == ["psnr", "ssim"]
