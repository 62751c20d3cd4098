"""A look in a style picture's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from photostyle_plugin.choices import Choices
from photostyle_plugin.inputs import Inputs
from photostyle_plugin.looks import LookSource
from photostyle_plugin.picture import read_rows
from photostyle_plugin.preview import Preview
from photostyle_plugin.session import Session
from photostyle_protocol.look_file import parse_look
from photostyle_protocol.request import RegionRef
from support.daemon import RunningDaemon
from support.document import ArraySource
from support.looks import packed
from support.waiting import wait_for

CONTENT = ArraySource(np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3))
LOOK = LookSource(parse_look(packed()))


def test_its_bytes_are_a_picture_of_one_row() -> None:
    assert (LOOK.spec.height, LOOK.spec.channels, LOOK.spec.dtype) == (1, 1, "uint8")
    assert bytes(read_rows(LOOK, 0, 1)) == packed()


def test_the_request_says_that_it_is_one() -> None:
    inputs = Inputs(CONTENT, LOOK, linear_light=True, style_is_look=True)
    assert [picture.role for picture in inputs.pictures()] == ["content", "style"]
    request = inputs.request({"content": "c" * 64, "style": "5" * 64})
    assert request.regions == (RegionRef("5" * 64, style_is_look=True),)


def test_it_has_no_areas_that_could_be_matched() -> None:
    inputs = Inputs(CONTENT, LOOK, choices=Choices(match_areas=True), style_is_look=True)
    assert inputs.request({"content": "c" * 64, "style": "5" * 64}).settings.regions == "given"


def test_a_trained_style_takes_its_place() -> None:
    trained = Choices(method="johnson", options={"model": "/styles/rust.safetensors"})
    request = Inputs(CONTENT, LOOK, choices=trained, style_is_look=True).request({"content": "c" * 64})
    assert request.regions == (RegionRef("c" * 64),)


def test_a_preview_of_it(connect: Callable[..., Session], daemon: RunningDaemon) -> None:
    """The worker that plays a part reads the look as every worker does."""
    preview = Preview(connect(daemon.connect))
    preview.set_content(CONTENT)
    preview.set_style(LOOK)
    preview.request(Choices())
    assert wait_for(preview.poll, 30.0, "a preview").spec == CONTENT.spec
    preview.set_style(LookSource(replace(parse_look(packed()), data=packed()[:-1])))
    wait_for(lambda: preview.poll() or preview.error, 30.0, "an error")
    assert "damaged" in str(preview.error)
    preview.stop()
