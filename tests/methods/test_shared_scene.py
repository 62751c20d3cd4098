"""Two pictures of one scene are told from two of different scenes, and the grade is read off."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
import torch
from safetensors.torch import load
from torch import Tensor

from photostyle.features.correspondence import CorrespondenceNet, load_correspondence
from photostyle.methods.networks.shared_scene import RegionPlaces, SharedScene, SharedScenes, places
from photostyle.models.store import read_model
from photostyle.ops.color_map import ColorAffine, apply_color
from support.photographs import NAMES
from support.tensors import tensor

STILL = ColorAffine(torch.eye(3)[None], torch.zeros(1, 3))
GRADE = ColorAffine(torch.diag(torch.tensor([1.1, 0.9, 0.6]))[None], torch.tensor([[-0.05, 0.02, 0.1]]))


@pytest.fixture(scope="module")
def network() -> CorrespondenceNet:
    return load_correspondence(load(read_model("correspondence.safetensors")), torch.device("cpu"))


@torch.inference_mode()
def compare(network: CorrespondenceNet, content: Tensor, style: Tensor, weight: Tensor | None = None) -> SharedScene:
    mine, theirs = places(network, content), places(network, style)
    assert mine is not None
    assert theirs is not None
    everywhere = torch.ones_like(content[:, :1]) if weight is None else weight
    return SharedScenes([None, RegionPlaces(mine, theirs, everywhere, torch.ones_like(style[:, :1]))]).read(1, STILL)


def crops(photograph, flipped: bool = False) -> tuple[Tensor, Tensor]:
    """Two that share some two thirds, the second under the grade."""
    height, width = photograph.shape[:2]
    whole = tensor(photograph, height, width)
    first = whole[..., : int(0.85 * height), : int(0.85 * width)]
    second = whole[..., int(0.15 * height) :, int(0.15 * width) :]
    return first, apply_color(second.flip(3) if flipped else second, GRADE).clamp(0, 1)


@pytest.mark.parametrize("flipped", [False, True], ids=["as it is", "mirrored"])
@pytest.mark.parametrize("name", NAMES)
def test_crops_of_one_photograph_share_a_scene_and_give_away_their_grade(
    network, photographs, name: str, flipped: bool
) -> None:
    content, style = crops(photographs[name], flipped)
    found = compare(network, content, style)
    assert found.trust == 1
    got, wanted = apply_color(content, found.color), apply_color(content, GRADE)
    assert (got - wanted).abs().mean() < 0.02


def test_different_scenes_are_not_trusted(network, photographs) -> None:
    for first, second in combinations(NAMES, 2):
        content, style = (tensor(photographs[name], *photographs[name].shape[:2]) for name in (first, second))
        found = compare(network, content, style)
        assert found.trust == 0, (first, second)
        assert found.color is STILL


@pytest.mark.parametrize("side", [96, 128, 176])
def test_small_pictures_of_different_scenes_are_not_trusted(network, photographs, side: int) -> None:
    """Nor small regions: of few places, more look alike by chance."""
    seen = {name: tensor(photographs[name], side, side) for name in NAMES}
    assert not any(compare(network, seen[a], seen[b]).trust for a, b in permutations(NAMES, 2))


def test_only_the_region_counts(network, photographs) -> None:
    """A region with another scene has no part in what its neighbour shares with the style."""
    content, style = crops(photographs["coffee"])
    other = tensor(photographs["chelsea"], *content.shape[-2:])
    other = torch.nn.functional.interpolate(other, size=content.shape[-2:])
    left = torch.zeros_like(content[:, :1])
    left[..., : content.shape[3] // 2] = 1
    both = left * other + (1 - left) * content
    assert compare(network, both, style, left).trust == 0
    assert compare(network, both, style, 1 - left).trust > 0.5


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (400, 9)])
def test_what_is_too_small_to_show_anything_is_left_alone(network, size: tuple[int, int]) -> None:
    assert places(network, torch.rand(1, 3, *size)) is None


def test_a_blank_picture_is_no_scene(network) -> None:
    found = compare(network, torch.full((1, 3, 64, 64), 0.5), torch.full((1, 3, 64, 64), 0.7))
    assert torch.isfinite(found.color.matrix).all()
    assert torch.isfinite(found.color.offset).all()


def test_only_the_region_of_the_style_counts(network, photographs) -> None:
    content, style = crops(photographs["coffee"])
    weight = torch.ones_like(style[:, :1])
    weight[..., : style.shape[3] // 3] = 0
    mine, theirs = places(network, content), places(network, style)
    assert mine is not None
    assert theirs is not None
    found = SharedScenes([RegionPlaces(mine, theirs, torch.ones_like(content[:, :1]), weight)]).read(0, STILL)
    assert torch.isfinite(found.color.matrix).all()
