"""What a job is made of, where a trained style takes the style picture's place."""

from __future__ import annotations

import numpy as np
import pytest

from photostyle_plugin.choices import Choices
from photostyle_plugin.inputs import Inputs
from photostyle_protocol.errors import BadInputError
from support.document import ArraySource

CONTENT = ArraySource(np.zeros((4, 5, 3), np.uint8))
STYLE = ArraySource(np.ones((2, 3, 3), np.uint8))
TRAINED = Choices(method="johnson", options={"model": "/styles/rust.safetensors"})


@pytest.mark.parametrize("style", [None, STYLE], ids=["no picture", "a picture"])
def test_a_style_file_needs_no_picture(style: ArraySource | None) -> None:
    inputs = Inputs(CONTENT, style, style_mask=ArraySource(np.zeros((2, 3), np.uint8)), choices=TRAINED)
    assert [picture.role for picture in inputs.pictures()] == ["content"]
    request = inputs.request({"content": "c" * 64})
    assert request.regions[0].style == request.content
    assert request.regions[0].style_mask is None
    assert request.settings.options == TRAINED.options


def test_a_picture_is_needed_elsewhere() -> None:
    assert [picture.role for picture in Inputs(CONTENT, STYLE).pictures()] == ["content", "style"]
    with pytest.raises(BadInputError, match="No style picture"):
        Inputs(CONTENT).pictures()


def test_no_file_is_told_before_anything_is_sent() -> None:
    with pytest.raises(BadInputError, match="No style file"):
        Inputs(CONTENT, STYLE, choices=Choices(method="johnson")).pictures()
    with pytest.raises(BadInputError, match="No style file"):
        Inputs(CONTENT, STYLE, choices=Choices(method="johnson", options={"model": ""})).pictures()


def test_a_look_is_called_by_what_it_comes_from() -> None:
    assert TRAINED.look_name("lake") == "rust"
    assert TRAINED.look_name("") == "rust"
    assert Choices().look_name("lake") == "lake"
