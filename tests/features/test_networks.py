"""Perceptual networks on random weights in the documented layouts."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from photostyle.features import registry
from photostyle.features.base import Features
from photostyle_protocol.errors import BadOptionError
from support.tensors import tensor
from support.vgg import LAYERS, convolution, vgg_state

FIRES = {3: (96, 16, 64), 4: (128, 16, 64), 5: (128, 32, 128), 7: (256, 32, 128), 8: (256, 48, 192),
         9: (384, 48, 192), 10: (384, 64, 256), 12: (512, 64, 256)}  # fmt: skip
DISTILLED = {
    "preprocess": (3, 3, 1), "conv1_1": (3, 10, 3), "conv1_2": (10, 10, 3), "conv2_1": (10, 20, 3),
    "conv2_2": (20, 20, 3), "conv3_1": (20, 58, 3), "conv3_2": (58, 58, 3), "conv3_3": (58, 58, 3),
    "conv3_4": (58, 58, 3), "conv4_1": (58, 64, 3),
}  # fmt: skip
SIZES = {
    "squeezenet": [(96, 29, 37), (128, 14, 18), (256, 7, 9), (512, 3, 4)],
    "distilled-vgg": [(10, 64, 80), (20, 32, 40), (58, 16, 20), (64, 8, 10)],
    "vgg19": [(64, 64, 80), (128, 32, 40), (256, 16, 20), (512, 8, 10), (512, 4, 5)],
    "vgg16": [(64, 64, 80), (128, 32, 40), (256, 16, 20), (512, 8, 10), (512, 4, 5)],
}
ALL = list(SIZES)


def squeezenet_state() -> dict[str, Tensor]:
    state = convolution("features.0", 3, 96, 7) | {"classifier.1.bias": torch.zeros(1000)}
    for index, (inputs, squeeze, expand) in FIRES.items():
        state |= convolution(f"features.{index}.squeeze", inputs, squeeze, 1)
        state |= convolution(f"features.{index}.expand1x1", squeeze, expand, 1)
        state |= convolution(f"features.{index}.expand3x3", squeeze, expand, 3)
    return state


def distilled_state() -> dict[str, Tensor]:
    state = {"eigenbasis1": torch.zeros(3)}
    for name, sizes in DISTILLED.items():
        state |= convolution(name, *sizes)
    return state


STATES = {"squeezenet": squeezenet_state, "distilled-vgg": distilled_state} | {
    name: partial(vgg_state, name) for name in LAYERS
}


@pytest.fixture
def network(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Features]:
    """A network by name, loaded from a file of random weights."""
    torch.manual_seed(16)
    file = tmp_path / "weights.safetensors"
    save_file(STATES[request.param](), file)
    loaded = registry.load(request.param, file)
    file.unlink()
    return request.param, loaded


@pytest.mark.parametrize("network", ALL, indirect=True)
def test_the_taps_are_what_is_said(network: tuple[str, Features], photographs) -> None:
    name, features = network
    found = features(tensor(photographs["coffee"], 64, 80))
    assert [tuple(f.shape[1:]) for f in found] == SIZES[name]
    assert features.channels == tuple(f.shape[1] for f in found)
    assert len(features.taps) == len(found)
    assert 0 <= features.content_tap < len(found)
    for tap in found:
        assert tap.min() >= 0, "a tap is taken after its ReLU"
        assert 0.01 < (tap > 0).float().mean() < 1


@pytest.mark.parametrize("network", ALL, indirect=True)
def test_taps_are_not_changed_by_later_layers(network: tuple[str, Features], photographs) -> None:
    """A ReLU in place would rewrite a tap behind the caller's back."""
    _, features = network
    picture = tensor(photographs["coffee"], 64, 80)
    assert all(torch.equal(a, b) for a, b in zip(features(picture), features(picture), strict=True))
    first, second = features(torch.cat([picture, picture.flip(3)]))[0]
    assert not torch.equal(first, second)


@pytest.mark.parametrize("network", ALL, indirect=True)
def test_it_is_frozen_and_lets_gradients_through(network: tuple[str, Features], photographs) -> None:
    _, features = network
    assert not features.training
    assert not any(parameter.requires_grad for parameter in features.parameters())
    picture = tensor(photographs["coffee"], 64, 80).requires_grad_()
    features(picture)[-1].square().mean().backward()
    assert picture.grad is not None
    assert torch.isfinite(picture.grad).all()
    assert picture.grad.abs().sum() > 0


@pytest.mark.parametrize("network", ALL, indirect=True)
def test_the_input_is_left_alone(network: tuple[str, Features], photographs) -> None:
    _, features = network
    picture = tensor(photographs["coffee"], 64, 80)
    before = picture.clone()
    features(picture)
    assert torch.equal(picture, before)


@pytest.mark.parametrize("network", ALL, indirect=True)
def test_nothing_beyond_the_last_wanted_tap_is_computed(network: tuple[str, Features], photographs) -> None:
    _, features = network
    picture = tensor(photographs["coffee"], 64, 80)
    whole = features(picture)
    ran: list[str] = []
    for name, module in features.named_modules():
        module.register_forward_hook(lambda *_, name=name: ran.append(name))
    counts = []
    for number, tap in enumerate(features.taps, 1):
        ran.clear()
        some = features(picture, last=tap)
        counts.append(len(ran))
        assert len(some) == number
        assert all(torch.equal(a, b) for a, b in zip(some, whole, strict=False))
    assert counts == sorted(set(counts)), "a deeper tap takes more layers"
    with pytest.raises(ValueError, match="not in tuple"):
        features(picture, last="relu9_9")


@pytest.mark.parametrize("network", ALL, indirect=True)
@pytest.mark.parametrize("size", [(1, 1), (8, 8), (3, 90), (20, 21)], ids=str)
def test_small_pictures_are_seen_too(network: tuple[str, Features], photographs, size: tuple[int, int]) -> None:
    _, features = network
    found = features(tensor(photographs["coffee"], *size))
    assert [f.shape[1] for f in found] == list(features.channels)
    assert all(f.numel() > 0 and torch.isfinite(f).all() for f in found)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("content", ["another", "garbage", "empty", "cut", "partial"])
def test_a_wrong_file_is_refused(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / "weights.safetensors"
    state = STATES[name]()
    if content == "partial":
        state.pop(next(key for key in state if key.endswith("weight")))
    if content == "another":
        state = STATES["squeezenet" if name != "squeezenet" else "distilled-vgg"]()
    save_file(state, file)
    whole = file.read_bytes()
    file.write_bytes({"garbage": b"\x80\x02}q\x00." * 99, "empty": b"", "cut": whole[:-100]}.get(content, whole))
    with pytest.raises(BadOptionError, match=f"not those of {name}") as caught:
        registry.load(name, file)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_vgg_is_not_mistaken_for_the_other(tmp_path: Path) -> None:
    for one, other in (("vgg16", "vgg19"), ("vgg19", "vgg16")):
        save_file(vgg_state(one), tmp_path / "w.safetensors")
        with pytest.raises(BadOptionError, match=f"not those of {other}"):
            registry.load(other, tmp_path / "w.safetensors")


@pytest.mark.parametrize("name", registry.names())
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    for missing in (tmp_path / "none.safetensors", tmp_path):
        with pytest.raises(BadOptionError, match="no weights file") as caught:
            registry.load(name, missing)
        assert str(missing) in caught.value.message


@pytest.mark.parametrize("name", ALL)
def test_networks_without_weights_of_their_own_ask_for_a_file(name: str) -> None:
    with pytest.raises(BadOptionError, match=name) as caught:
        registry.load(name)
    assert "file" in caught.value.hint


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(BadOptionError, match="resnet") as caught:
        registry.load("resnet")
    assert all(name in caught.value.hint for name in registry.names())


@pytest.mark.torchvision
@pytest.mark.parametrize(("name", "lasts"), [("vgg19", (2, 7, 12, 21, 30)), ("vgg16", (2, 7, 12, 19, 26))])
def test_vgg_taps_are_torchvision_s_own(tmp_path: Path, photographs, name: str, lasts: tuple[int, ...]) -> None:
    """Each tap equals torchvision's network cut off there, on its own normalised input."""
    import torchvision.models
    from torchvision.transforms.functional import normalize

    with torch.device("meta"):
        model = getattr(torchvision.models, name)(weights=None).eval()
    state = vgg_state(name)
    save_file(state, tmp_path / "w.safetensors")
    state.pop("classifier.0.bias")
    model.load_state_dict(state, assign=True, strict=False)
    picture = tensor(photographs["coffee"], 32, 32)
    x = normalize(picture, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    found = registry.load(name, tmp_path / "w.safetensors")(picture)
    for tap, last in zip(found, lasts, strict=True):
        with torch.no_grad():
            torch.testing.assert_close(tap, model.features[:last](x.clone()))


def test_squeezenet_sees_bgr_from_0_to_255(tmp_path: Path) -> None:
    """Its first layer, with one weight: blue comes first, minus Caffe's mean of it."""
    state = squeezenet_state()
    state["features.0.weight"].zero_()
    state["features.0.weight"][0, 0, 0, 0] = 1.0
    state["features.0.bias"].zero_()
    save_file(state, tmp_path / "w.safetensors")
    blue = torch.zeros(1, 3, 64, 64)
    blue[:, 2] = 1.0
    first = registry.load("squeezenet", tmp_path / "w.safetensors")(blue)[0]
    torch.testing.assert_close(first[0, 0], torch.full((29, 29), 255.0 - 104.0))
