"""Multi-stage: which stages there are, where the filter acts, and what it makes does not change unasked."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from photostyle.features.embedded import EmbeddedFeatures
from photostyle.methods.base import Region
from photostyle.methods.multistage import Multistage
from photostyle.methods.optimisation.painting import paint
from photostyle.methods.optimisation.style_reader import StyleReader, kept_grams
from photostyle.ops.guided_filter import apply_guided, fit_guided
from photostyle_protocol.progress import Glimpse, Progress, unfollowed
from support.tensors import tensor

CPU = torch.device("cpu")


def painted(content: Tensor, style: Tensor, progress: Progress = unfollowed, **options: float | str) -> Tensor:
    """Through a network of random weights: what it paints is no art, but always the same."""
    torch.manual_seed(0)
    network = EmbeddedFeatures()
    network.eval().requires_grad_(False)
    left = torch.zeros_like(content[:, :1])
    left[..., : content.shape[3] // 2] = 1
    bright = (style.mean(1, keepdim=True) > style.mean()).float()
    regions = [Region(left, left, style, bright), Region(1 - left, 1 - left, style, 1 - bright)]
    reader = StyleReader(network, kept_grams())
    return paint(reader, Multistage(CPU).plan(Multistage.complete(options)), content, regions, progress)


@pytest.fixture(scope="module")
def pair(photographs) -> tuple[Tensor, Tensor]:
    return tensor(photographs["coffee"], 48, 64), tensor(photographs["chelsea"], 48, 64)


@pytest.mark.parametrize(
    ("stages", "names"),
    [
        ("both", ["optimising the whole", "optimising the regions"]),
        ("global", ["optimising the whole"]),
        ("regional", ["optimising the regions"]),
    ],
)
def test_stages_follow_each_other(pair, stages: str, names: list[str]) -> None:
    seen: dict[str, int] = {}

    def progress(fraction: float, stage: str, glimpse: Glimpse | None = None) -> None:
        seen[stage] = seen.get(stage, 0) + (glimpse is not None)

    painted(*pair, progress, stages=stages, steps=8, optimizer="adam")
    assert list(seen) == names
    assert set(seen.values()) == {8 // len(names)}


def test_regions_are_kept_apart_and_the_whole_is_not(pair) -> None:
    """Only the stage with regions makes the left side bright and the right one dark."""
    apart, together = (
        painted(*pair, stages=stages, steps=20, start="content", filter="inside") for stages in ("regional", "global")
    )
    sides = [float(p[..., :32].mean() - p[..., 32:].mean()) for p in (apart, together)]
    assert sides[0] > sides[1] + 0.1


@pytest.mark.parametrize("where", ["inside", "stage"])
def test_what_was_filtered_is_made_of_the_photograph(pair, where: str) -> None:
    """A second pass of the filter finds hardly anything to take away."""
    content, _ = pair

    def left_over(picture: Tensor) -> float:
        maps = fit_guided(content, picture, torch.ones_like(picture[:, :1]))
        return float((apply_guided(maps, content, 0, content.shape[2]) - picture).square().mean())

    filtered, free = (painted(*pair, filter=name, steps=20) for name in (where, "off"))
    assert left_over(filtered) < 0.5 * left_over(free)


def test_what_it_makes_stays_what_it_was(pair) -> None:
    result = painted(*pair, steps=8, optimizer="adam")
    torch.testing.assert_close(result.mean((0, 2, 3)), torch.tensor(WAS_MEAN), atol=0.01, rtol=0)
    torch.testing.assert_close(result[0, :, 24, ::16], torch.tensor(WAS_ROW), atol=0.02, rtol=0)


WAS_MEAN = [0.579, 0.43, 0.312]
WAS_ROW = [[0.676, 0.68, 0.691, 0.49], [0.589, 0.479, 0.624, 0.331], [0.483, 0.358, 0.644, 0.189]]
