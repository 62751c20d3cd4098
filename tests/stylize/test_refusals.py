"""What cannot be done is refused before anything starts, with a sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from photostyle.stylize.engine import Engine
from photostyle.stylize.pipeline import stylize
from photostyle.stylize.task import RegionPixels, StylizeTask
from photostyle_protocol.errors import (
    BadImageError,
    BadMaskError,
    BadOptionError,
    PhotostyleError,
    UnknownMethodError,
)
from photostyle_protocol.request import Settings

PICTURE = np.full((6, 8, 3), 90, np.uint8)
MASK = np.full((6, 8), 255, np.uint8)
FLOATS = PICTURE.astype(np.float32) / 255
GOOD = StylizeTask(PICTURE, (RegionPixels(PICTURE),), None, Settings("monge-kantorovich"))


def with_value(pixels: np.ndarray, value: float) -> np.ndarray:
    changed = pixels.copy()
    changed[(2, 3, *(0,) * (pixels.ndim - 2))] = value
    return changed


BAD_PICTURES = {
    "nan": with_value(FLOATS, np.nan),
    "inf": with_value(FLOATS, np.inf),
    "minus-inf": with_value(FLOATS.astype(np.float16), -np.inf),
    "no-colour": with_value(FLOATS, 3e38),
    "alpha-nan": np.dstack([FLOATS, with_value(MASK / np.float32(255), np.nan)]),
    "five-channels": np.zeros((4, 4, 5), np.uint8),
    "no-channels": np.zeros((4, 4, 0), np.uint8),
    "no-rows": np.zeros((0, 4, 3), np.uint8),
    "a-line": np.zeros(12, np.uint8),
    "a-batch": np.zeros((1, 4, 4, 3), np.uint8),
    "signed": PICTURE.astype(np.int16),
    "double": FLOATS.astype(np.float64),
    "bool": MASK > 0,
    "complex": FLOATS.astype(np.complex64),
    "big-endian": PICTURE.astype(">u2"),
    "objects": PICTURE.astype(object),
}
BAD_MASKS = {
    "another-size": MASK[:, :-1],
    "turned": MASK.T,
    "with-channels": PICTURE,
    "one-channel": MASK[..., None],
    "nan": with_value(MASK.astype(np.float32), np.nan),
    "bool": MASK > 0,
    "empty": np.zeros((0, 0), np.uint8),
}
BAD_SETTINGS = {
    "strength-above": Settings(GOOD.settings.method, strength=1.01),
    "strength-below": Settings(GOOD.settings.method, strength=-0.01),
    "strength-nan": Settings(GOOD.settings.method, strength=float("nan")),
    "finish": Settings(GOOD.settings.method, finish="polish"),
    "regions": Settings(GOOD.settings.method, regions="all"),
    "option": Settings(GOOD.settings.method, options={"sparkle": 1}),
    "option-of-another": Settings("rest", options={"iterations": 3}),
    "option-range": Settings("pitie", options={"iterations": 0}),
    "option-word": Settings("rest", options={"form": "linen"}),
}


def refusal(task: StylizeTask, engine: Engine) -> PhotostyleError:
    calls: list[float] = []
    with pytest.raises(PhotostyleError) as caught:
        stylize(task, lambda fraction, _stage, _glimpse=None: calls.append(fraction), engine)
    assert calls == []
    assert caught.value.message.endswith(".")
    assert caught.value.hint.endswith(".")
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_bad_pictures(engine, name: str) -> None:
    bad = BAD_PICTURES[name]
    assert type(refusal(replace(GOOD, content=bad), engine)) is BadImageError
    assert type(refusal(replace(GOOD, regions=(RegionPixels(bad),)), engine)) is BadImageError


@pytest.mark.parametrize("name", BAD_MASKS)
def test_bad_masks(engine, name: str) -> None:
    bad = BAD_MASKS[name]
    assert type(refusal(replace(GOOD, mask=bad), engine)) is BadMaskError
    for region in (RegionPixels(PICTURE, content_mask=bad), RegionPixels(PICTURE, style_mask=bad)):
        assert type(refusal(replace(GOOD, regions=(region,)), engine)) is BadMaskError


@pytest.mark.parametrize("name", BAD_SETTINGS)
def test_bad_settings(engine, name: str) -> None:
    assert type(refusal(replace(GOOD, settings=BAD_SETTINGS[name]), engine)) is BadOptionError


def test_bad_region_strength(engine) -> None:
    for strength in (-1.0, 1.5, float("nan")):
        task = replace(GOOD, regions=(RegionPixels(PICTURE), RegionPixels(PICTURE, strength=strength)))
        assert type(refusal(task, engine)) is BadOptionError


def test_no_region(engine) -> None:
    assert type(refusal(replace(GOOD, regions=()), engine)) is BadOptionError


def test_unknown_method(engine) -> None:
    error = refusal(replace(GOOD, settings=Settings("van-gogh")), engine)
    assert type(error) is UnknownMethodError
    assert "rest" in error.hint


def test_a_refusal_is_the_same_with_nothing_to_do(engine) -> None:
    """Strength 0 needs no work, and is still no way past the checks."""
    task = replace(GOOD, content=BAD_PICTURES["nan"], settings=Settings("rest", strength=0.0))
    assert type(refusal(task, engine)) is BadImageError


@pytest.mark.parametrize("device", ["banana", "cuda:99", "", "meta"])
def test_unknown_device(device: str) -> None:
    with pytest.raises(BadOptionError, match="cannot be used"):
        Engine.load(device)


def test_auto_device_is_named() -> None:
    engine = Engine.load("auto")
    assert engine.device_name
    assert engine.method("pitie") is engine.method("pitie")
