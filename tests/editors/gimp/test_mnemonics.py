"""The keys of the dialog's controls, outside GIMP."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.editors.gimp import PLUG_INS

LABELS = st.lists(st.text("AaBbCc äß_x1 ", min_size=1, max_size=8), max_size=30)


def load() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PLUG_INS / "photorealistic-style"))
        import mnemonics

        sys.modules.pop("mnemonics")
        return mnemonics


mnemonics = load()


def key_of(label: str) -> str:
    return label.replace("__", "").partition("_")[2][:1].lower()


def test_the_start_of_a_word_goes_first() -> None:
    keys = mnemonics.Mnemonics(taken="k")
    assert keys.mark("Keep luminance") == "Keep _luminance"
    assert keys.mark("Left") == "L_eft"
    assert keys.mark("Elle") == "Elle"  # nothing is left of it


def test_what_the_arguments_have_taken_is_not_given_out_again() -> None:
    keys = mnemonics.Mnemonics.beside(["_Method", "Style picture", "snake__case", "Apply _to"])
    assert [keys.mark(word) for word in ("mt", "m", "help")] == ["mt", "m", "h_elp"]


@given(LABELS)
def test_no_key_is_given_out_twice_and_the_text_stays(labels: list[str]) -> None:
    keys = mnemonics.Mnemonics()
    marked = [keys.mark(label) for label in labels]
    given_out = [key for key in map(key_of, marked) if key]
    assert len(given_out) == len(set(given_out))
    assert not set(given_out) & set(mnemonics.OF_THE_DIALOG)
    for label, text in zip(labels, marked, strict=True):
        assert text.replace("__", "\0").replace("_", "").replace("\0", "_") == label
