"""Looks are read strictly: whatever is no look is refused with a sentence."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load

from photostyle_protocol.errors import BadLookError
from photostyle_protocol.look_file import (
    FORMAT,
    LAYOUT,
    LOOK_BYTES,
    NAME_CHARACTERS,
    THUMBNAIL_SIDE,
    VERSION,
    is_look,
    parse_look,
    read_look,
)
from support.looks import CHECKPOINTS, header_of, jpeg, numbers, packed, with_header, with_text

GOOD = packed()
METADATA = {"format": FORMAT, "version": VERSION, "name": "made up", **CHECKPOINTS}


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.look").write_bytes(GOOD)
    found = read_look(tmp_path / "a.look")
    assert (found.data, found.name, found.checkpoints, found.thumbnail) == (GOOD, "made up", CHECKPOINTS, jpeg())
    assert set(found.values) == set(LAYOUT)
    for name, array in numbers().items():
        np.testing.assert_array_equal(np.array(found.values[name], array.dtype), array.ravel())


def test_it_is_a_safetensors_file() -> None:
    found = load(GOOD)
    assert found.pop("thumbnail").tobytes() == jpeg()
    for name, array in numbers().items():
        np.testing.assert_array_equal(found.pop(name), array)
    assert not found


def test_the_name_says_what_is_a_look() -> None:
    assert is_look("a/b.LOOK")
    assert not is_look("look")
    assert not is_look("b.look.png")


OTHER = {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "damaged"),
        (GOOD[:7], "damaged"),
        (GOOD[:-1], "fill"),
        (GOOD[:300], "cut off"),
        (GOOD + b"\0", "fill"),
        (GOOD + bytes(LOOK_BYTES), "more than 16384 bytes"),
        (struct.pack("<Q", 2**63) + GOOD[8:], "cut off"),
        (with_text(GOOD, "[]"), "no map"),
        (with_text(GOOD, "{}"), "does not say"),
        (with_text(GOOD, "{" * 9), "damaged"),
        (with_text(GOOD, "[" * 9000), "damaged"),
        (with_text(GOOD, '{"a": NaN}'), "NaN"),
        (with_text(GOOD, '{"a": 1, "a": 2}'), "twice"),
        (with_text(GOOD, '{"__metadata__": []}'), "does not say"),
        (with_header(GOOD, {"__metadata__": None}), "does not say"),
        (with_header(GOOD, {"__metadata__": {**METADATA, "format": "pt"}}), "does not say"),
        (with_header(GOOD, {"__metadata__": {**METADATA, "sparkle": "1"}}), "other things"),
        (with_header(GOOD, {"__metadata__": {**METADATA, "rest": "1"}}), "network"),
        (with_header(GOOD, {"__metadata__": {**METADATA, "rest": 1}}), "network"),
        (with_header(GOOD, {"__metadata__": {**METADATA, "name": ""}}), "name"),
        (with_header(GOOD, {"__metadata__": {**METADATA, "name": "two\nlines"}}), "name"),
        (with_header(GOOD, {"__metadata__": {**METADATA, "name": "x" * (NAME_CHARACTERS + 1)}}), "name"),
        (with_header(GOOD, {"__metadata__": {**METADATA, "name": ["x"]}}), "name"),
        (with_header(GOOD, {"lab.mean": None}), "other tensors"),
        (with_header(GOOD, {"thumbnail": None}), "other tensors"),
        (with_header(GOOD, {"more": OTHER}), "other tensors"),
        (with_header(GOOD, {"lab.mean": 1}), "header"),
        (with_header(GOOD, {"lab.mean": {"dtype": "F32"}}), "header"),
        (with_header(GOOD, {"lab.mean": OTHER}), "fill"),
        (with_header(GOOD, {"lab.mean": {**OTHER, "data_offsets": [0]}}), "damaged"),
        (with_header(GOOD, {"lab.mean": {**OTHER, "data_offsets": [True, 12]}}), "header"),
        (with_header(GOOD, {"lab.mean": {**OTHER, "data_offsets": [0, -12]}}), "fill"),
        (with_header(GOOD, {"lab.mean": {**header_of(GOOD)["lab.mean"], "dtype": "I32"}}), "lab.mean"),
        (with_header(GOOD, {"lab.mean": {**header_of(GOOD)["lab.mean"], "shape": [1, 3]}}), "lab.mean"),
        (with_header(GOOD, {"thumbnail": {**header_of(GOOD)["thumbnail"], "dtype": "I8"}}), "thumbnail"),
    ],
)  # fmt: skip
def test_what_is_no_look_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(BadLookError, match=told) as caught:
        parse_look(data, "my.look")
    assert caught.value.message.startswith("my.look is no look, or it is damaged: ")
    assert "photostyle look save" in caught.value.hint


def test_another_version_is_told_as_such() -> None:
    newer = with_header(GOOD, {"__metadata__": {**METADATA, "version": "2", "more": "to come"}})
    with pytest.raises(BadLookError, match="version 2"):
        parse_look(newer)


@pytest.mark.parametrize(
    ("tensor", "value", "told"),
    [
        ("color_mean", np.nan, "color.mean"),
        ("palette", np.inf, "palette"),
        ("rest_mean", 1e30, "rest.mean"),
        ("lab_deviation", -1, "negative"),
        ("color_covariance", -1, "color.covariance"),
        ("rest_covariance", -1, "rest.covariance"),
        ("rest_paper_covariance", -1, "rest-paper.covariance"),
    ],
)
def test_numbers_that_no_photograph_leads_to(tensor: str, value: float, told: str) -> None:
    wrong = {key.replace(".", "_").replace("-", "_"): array for key, array in numbers().items()}[tensor]
    wrong.flat[0] = value
    with pytest.raises(BadLookError, match=told):
        packed(**{tensor: wrong})


def test_correlations_beyond_one() -> None:
    wrong = numbers()["color.covariance"]
    wrong[1] = 0.05
    with pytest.raises(BadLookError, match="covariance"):
        packed(color_covariance=wrong)


def huge_jpeg() -> bytes:
    """One that announces 60,000 × 60,000 pixels."""
    data = bytearray(jpeg())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)
    return bytes(data)


@pytest.mark.parametrize(
    "thumbnail", [b"GIF89a", b"\xff\xd8", b"\xff\xd8\xff\xd9", huge_jpeg(), jpeg(THUMBNAIL_SIDE + 1, 5), jpeg()[:40]]
)
def test_thumbnails_that_no_editor_should_open(thumbnail: bytes) -> None:
    with pytest.raises(BadLookError, match="thumbnail"):
        packed(thumbnail=thumbnail)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_damage_is_never_anything_but_a_sentence(data: st.DataObject) -> None:
    broken = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(GOOD) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = parse_look(bytes(broken))
    except BadLookError:
        return
    assert all(np.isfinite(values).all() for values in found.values.values())


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.look")
    for path in (tmp_path / "none.look", tmp_path, tmp_path / "pipe.look", "\0.look"):
        with pytest.raises(BadLookError):
            read_look(path)
