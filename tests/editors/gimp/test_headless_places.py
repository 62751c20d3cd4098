"""Layers of all kinds and in all places: one new layer directly above, and nothing else in the image is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from support.icc import swapped_profile

GONE = ("id", "name", "mode", "opacity", "visible", "locks", "pixels")
"""What may differ between a layer and the result above it."""


@pytest.fixture(scope="module")
def style_file(photographs: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("style") / "a style.png"
    Image.fromarray(photographs["rocket"][::16, ::16]).save(file)
    return file


@pytest.mark.usefixtures("editor_daemon")
def test_places_and_selections(headless: Any, style_file: Path, tmp_path: Path) -> None:
    profile = tmp_path / "wide.icc"
    profile.write_bytes(swapped_profile())
    answers = headless.run("places", style=str(style_file), wide=str(profile))
    _check_selections(answers.pop("selections"))
    assert len(answers) == 13
    for case, answer in answers.items():
        assert answer["status"] == "success", (case, answer["text"])
        _check_one_new_layer(case, answer)
    assert answers["in a wide space"]["least"] < 0


def _check_one_new_layer(case: str, answer: dict[str, Any]) -> None:
    siblings = _siblings_of(answer["new"], answer["after"]["layers"])
    place = [layer["id"] for layer in siblings].index(answer["new"])
    new, source = siblings.pop(place), siblings[place]
    assert source["id"] == answer["source"], case
    assert new["name"] == "Style: a style"
    assert (new["mode"], new["opacity"], new["visible"]) == ("normal", 100.0, True)
    assert new["locks"] == [False] * 3
    like_source = {key: value for key, value in source.items() if key not in GONE} | {"children": None}
    assert {key: value for key, value in new.items() if key not in GONE} == like_source, case
    assert answer["differs"], case
    assert answer["plain"]
    assert answer["chosen"] == [answer["new"]]
    assert answer["dirty"]
    assert _without_groups(answer["after"]) == _without_groups(answer["before"]), case


def _siblings_of(wanted: int, layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The layers beside the one with this id, itself included."""
    if any(layer["id"] == wanted for layer in layers):
        return layers
    inner = [_siblings_of(wanted, layer["children"]) for layer in layers if layer["children"]]
    return next((found for found in inner if found), [])


def _without_groups(image: Any) -> Any:
    """The same without what a group shows, which follows from its children."""
    if isinstance(image, dict):
        pixels = () if image.get("children") is None else ("pixels",)
        return {key: _without_groups(value) for key, value in image.items() if key not in pixels}
    return [_without_groups(value) for value in image] if isinstance(image, list) else image


def _check_selections(answers: list[dict[str, Any]]) -> None:
    empty, outside, part, by_mask, masked = answers
    assert empty["status"] == "success"
    assert empty["mask"] is None
    assert sum(empty["changed"]) > 0.9 * 2400
    assert outside["status"] == "calling-error"
    assert "selection" in outside["text"].lower()
    assert outside["layers"] == 1
    # The layer begins 30 pixels left of the canvas and 10 below its top: columns 0 to 19 of the canvas are selected.
    inside = [30 <= x < 50 and y < 30 for y in range(40) for x in range(60)]
    assert not any(changed and not selected for changed, selected in zip(part["changed"], inside, strict=True))
    assert sum(part["changed"]) > 0.9 * sum(inside)
    assert part["mask"] is None
    columns = list(range(60)) * 40
    weights = [(255 if x < 40 else 100) if selected else 0 for selected, x in zip(inside, columns, strict=True)]
    assert by_mask["mask"] == weights
    assert sum(by_mask["changed"]) > 0.9 * 2400
    _check_product(masked["mask"])


def _check_product(mask: list[int]) -> None:
    """The layer's own mask (90 above, 255 below) times the selection."""
    own = [90] * 1200 + [255] * 1200
    selected = [255 if x < 10 else 100 if x < 20 else 0 for _ in range(40) for x in range(60)]
    for got, a, b in zip(mask, own, selected, strict=True):
        assert abs(got - a * b / 255) <= 1
