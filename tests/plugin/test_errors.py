"""Every error becomes a sentence and something to do."""

from __future__ import annotations

import pytest

from photostyle_plugin.errors import _TOLD, BackendMissingError, LayerChangedError, TargetGoneError, say
from photostyle_plugin.stages import stage_text
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import BadOptionError, PhotostyleError, error_from_code


@pytest.mark.parametrize("code", _TOLD)
def test_what_the_backend_said_is_not_lost(code: str) -> None:
    error = error_from_code(code, "Something about a pipe.", "Do this.")
    assert type(error) is not PhotostyleError, "the code is one of the protocol's"
    sentence, hint = say(error)
    assert sentence.endswith(".")
    assert "pipe" not in sentence
    assert hint.endswith("Details: Something about a pipe. Do this.")


def test_other_errors_speak_for_themselves() -> None:
    assert say(BadOptionError("The strength is 2.", "Give less.")) == ("The strength is 2.", "Give less.")
    for error in (BackendMissingError(), LayerChangedError(), TargetGoneError(Words.layer_gone)):
        assert all(say(error))


def test_no_code_of_the_wire_is_taken() -> None:
    assert error_from_code("daemon_unavailable", "").code == "daemon_unavailable"


@pytest.mark.parametrize("error", [ValueError(), KeyError("x"), OSError(2, "No such file"), AssertionError()])
def test_faults(error: Exception) -> None:
    sentence, hint = say(error)
    assert type(error).__name__ in sentence
    assert not sentence.endswith(":")
    assert "report" in hint


def test_stages() -> None:
    assert stage_text("loading") == "Loading the models…"
    assert stage_text("waiting") == "Waiting for other jobs…"
    assert stage_text("applying the finish") == "Applying the look…"
    assert stage_text("what a new method does") == "Computing the look…"
