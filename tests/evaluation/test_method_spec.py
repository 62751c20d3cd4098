"""A method in one word."""

from __future__ import annotations

import pytest

from photostyle.evaluation.method_spec import MethodSpec
from photostyle_protocol.errors import BadOptionError


@pytest.mark.parametrize(
    ("text", "options", "finish", "regions"),
    [
        ("rest", {}, "auto", "given"),
        ("rest:form=paper:residual=0.5@none/auto", {"form": "paper", "residual": "0.5"}, "none", "auto"),
        ("johnson:model=looks@home/rust.safetensors", {"model": "looks@home/rust.safetensors"}, "auto", "given"),
        ("johnson:model=/a/b.safetensors@grid/none", {"model": "/a/b.safetensors"}, "grid", "none"),
    ],
)
def test_its_parts(text: str, options: dict[str, str], finish: str, regions: str) -> None:
    spec = MethodSpec.parse(text)
    assert (spec.text, spec.regions) == (text, regions)
    assert (spec.settings.options, spec.settings.finish) == (options, finish)


@pytest.mark.parametrize("text", ["rest/sky", "rest@polish", "rest:residual=0.5@polish", "rest:form"])
def test_what_is_unknown_is_refused(text: str) -> None:
    with pytest.raises(BadOptionError):
        MethodSpec.parse(text)
