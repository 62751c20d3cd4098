"""What a person asked for, before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from photostyle.methods.base import Option
from photostyle.transfer.asked import checked
from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.request import Settings
from support.methods import Developing, add_method


class Reading(Developing):
    name = "reading"
    options = (Option("model", "", "Which.", is_file=True), Option("word", "", "Any."))


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    add_method(monkeypatch, Reading)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/someone")


@pytest.mark.parametrize(
    ("given", "named"), [("a/b.pt", "{here}/a/b.pt"), ("~/b.pt", "/someone/b.pt"), ("/b.pt", "/b.pt"), ("", "")]
)
def test_a_file_is_named_from_the_root(given: str, named: str, tmp_path: Path) -> None:
    """The daemon, which opens it, works in another folder."""
    asked = checked(Settings("reading", options={"model": given, "word": given}))
    assert asked.options == {"model": named.format(here=tmp_path), "word": given}


def test_bad_options_are_refused() -> None:
    with pytest.raises(BadOptionError, match="sparkle"):
        checked(Settings("reading", options={"sparkle": "1"}))
    assert checked(Settings("reading")) == Settings("reading")
