"""A photograph and the look that was saved from it do the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from photostyle.methods import registry
from photostyle.stylize.engine import Engine
from photostyle.stylize.save_look import make_look
from photostyle.stylize.task import RegionPixels
from photostyle_protocol.errors import BadLookError, BadMaskError
from photostyle_protocol.look_file import NAME_CHARACTERS, LookFile, parse_look
from stylize.conftest import Run
from support.looks import packed

READERS = ("rest", "monge-kantorovich", "reinhard", "pitie")
Small = Mapping[str, NDArray[np.uint8]]


def look_of(style: NDArray[Any], engine: Engine, mask: NDArray[Any] | None = None) -> LookFile:
    return parse_look(make_look(style, mask, "saved", engine.device))


def apart(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.int64]:
    return np.abs(first.astype(np.int64) - second.astype(np.int64))


def test_the_methods_that_read_looks_are_known() -> None:
    assert tuple(name for name in registry.names() if registry.load(name).reads_looks) == READERS


@pytest.mark.parametrize(
    "settings",
    [
        {"method": "monge-kantorovich"},
        {"method": "reinhard", "strength": 0.7},
        {"method": "rest"},
        {"method": "rest", "options": {"transform": "wct"}, "finish": "guided"},
        {"method": "rest", "options": {"form": "paper"}, "finish": "none"},
    ],
    ids=str,
)
def test_within_one_level_of_the_photograph(
    run: Run, engine: Engine, photographs: Small, settings: dict[str, Any]
) -> None:
    content, style = photographs["coffee"][::2, ::2], photographs["rocket"][::2, ::2]
    by_photograph, by_look = (run(content, s, **settings) for s in (style, look_of(style, engine)))
    assert apart(by_photograph, by_look).max() <= 1
    assert apart(by_look, content).mean() > 5


def test_a_palette_is_near_the_photograph(run: Run, engine: Engine, small: Small) -> None:
    style = small["rocket"]
    results = [run(small["coffee"], s, method="pitie", finish="none") for s in (style, look_of(style, engine))]
    assert apart(*results).mean() < 3


def test_the_same_photograph_gives_the_same_bytes(engine: Engine, small: Small) -> None:
    first, second = (make_look(small["coffee"], None, "x", engine.device) for _ in range(2))
    assert first == second
    assert len(first) < 14_000


def test_names_are_made_printable(engine: Engine, small: Small) -> None:
    for given, wanted in ((" a\nb ", "ab"), ("\t", "look"), ("ä" * 200, "ä" * NAME_CHARACTERS)):
        assert parse_look(make_look(small["coffee"], None, given, engine.device)).name == wanted


def test_a_mask_when_it_is_saved_is_a_style_mask(run: Run, engine: Engine, small: Small) -> None:
    style = small["astronaut"]
    mask = np.zeros(style.shape[:2], np.uint8)
    mask[:, :40] = 255
    masked = run(small["coffee"], regions=(RegionPixels(style, style_mask=mask),), method="rest")
    by_look = run(small["coffee"], look_of(style, engine, mask), method="rest")
    assert apart(masked, by_look).max() <= 1
    assert apart(run(small["coffee"], style, method="rest"), by_look).mean() > 1


def test_a_mask_of_nearly_nothing_is_refused(engine: Engine, small: Small) -> None:
    mask = np.zeros(small["coffee"].shape[:2], np.uint8)
    mask[0, 0] = 255
    with pytest.raises(BadMaskError, match=r"0\.4%"):
        make_look(small["coffee"], mask, "x", engine.device)


@pytest.mark.parametrize("method", READERS)
def test_each_region_can_have_one(run: Run, engine: Engine, small: Small, method: str) -> None:
    content = small["coffee"]
    left = np.zeros(content.shape[:2], np.uint8)
    left[:, :50] = 255
    styles = (look_of(small["rocket"], engine), small["chelsea"])
    regions = tuple(RegionPixels(s, m) for s, m in zip(styles, (left, 255 - left), strict=True))
    mixed = run(content, regions=regions, method=method)
    for style, side in zip(styles, (np.s_[:, :30], np.s_[:, 70:]), strict=True):
        other = styles[0] if style is styles[1] else styles[1]
        assert apart(mixed[side], run(content, style, method=method)[side]).mean() < (
            apart(mixed[side], run(content, other, method=method)[side]).mean()
        )


def test_outside_the_mask_and_alpha_are_kept_to_the_bit(run: Run, engine: Engine, small: Small) -> None:
    content = np.dstack([small["coffee"], small["coffee"][..., 0]])
    mask = np.zeros(content.shape[:2], np.uint8)
    mask[:, :50] = 255
    result = run(content, look_of(small["rocket"], engine), mask=mask, method="rest")
    np.testing.assert_array_equal(result[:, 50:], content[:, 50:])
    np.testing.assert_array_equal(result[..., 3], content[..., 3])
    assert (result[:, :50, :3] != content[:, :50, :3]).any()


@pytest.mark.parametrize("method", [name for name in registry.names() if name not in READERS])
def test_methods_that_need_the_photograph_say_so(run: Run, small: Small, method: str) -> None:
    with pytest.raises(BadLookError, match=f"{method} needs a style photograph") as caught:
        run(small["coffee"], parse_look(packed()), method=method)
    assert all(name in caught.value.hint for name in READERS)


def test_what_needs_places_is_refused(run: Run, small: Small) -> None:
    look = parse_look(packed())
    with pytest.raises(BadLookError, match="cannot be matched"):
        run(small["coffee"], look, regions_setting="auto")
    mask = np.ones(small["coffee"].shape[:2], np.uint8)
    with pytest.raises(BadLookError, match="no places"):
        run(small["coffee"], regions=(RegionPixels(look, style_mask=mask),))


def test_other_networks_are_not_mistaken_for_these(run: Run, engine: Engine, small: Small) -> None:
    look = look_of(small["rocket"], engine)
    other = replace(look, checkpoints=dict.fromkeys(look.checkpoints, "0" * 64))
    with pytest.raises(BadLookError, match="other networks"):
        run(small["coffee"], other, method="rest")
    run(small["coffee"], other, method="reinhard")
