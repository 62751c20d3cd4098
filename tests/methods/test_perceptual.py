"""The network that a method looks through, from its options."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from photostyle.features.weights import cache
from photostyle.features.weights.published import PUBLISHED
from photostyle.methods.base import Method
from photostyle.methods.perceptual import FEATURE_OPTIONS, perceptual_network
from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.progress import unfollowed
from support.vgg import vgg_state

CPU = torch.device("cpu")


class Looking(Method):
    name = "looking"
    options = FEATURE_OPTIONS


def test_the_stage_names_the_network(tmp_path: Path) -> None:
    save_file(vgg_state("vgg16"), tmp_path / "w.safetensors")
    told: list[str] = []
    options = Looking.complete({"features": "vgg16", "weights": str(tmp_path / "w.safetensors")})
    network = perceptual_network(options, CPU, lambda _fraction, stage, _glimpse=None: told.append(stage))
    assert network.title == "VGG-16"
    assert told == ["looking through VGG-16"]


def test_auto_takes_what_was_fetched_and_says_so(weights_folder: Path) -> None:
    weights_folder.mkdir()
    save_file(vgg_state("vgg19"), weights_folder / "fresh")
    cache.record(PUBLISHED["vgg19"], weights_folder / "fresh")
    told: list[str] = []
    perceptual_network(Looking.complete({}), CPU, lambda _fraction, stage, _glimpse=None: told.append(stage))
    assert told == ["looking through VGG-19"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"features": "resnet"}, "features is 'resnet'"),
        ({"features": "squeezenet"}, "read from a file"),
        ({"weights": "nowhere.safetensors"}, "no weights file"),
        ({"weights": "null\0.safetensors"}, "no weights file"),
        ({"features": "vgg19"}, "nothing is fetched unasked"),
    ],
)
def test_what_is_missing_is_told(weights_folder: Path, given: dict[str, str], told: str) -> None:
    with pytest.raises(BadOptionError, match=told) as caught:
        perceptual_network(Looking.complete(given), CPU, unfollowed)
    assert caught.value.hint
    assert not weights_folder.exists()
