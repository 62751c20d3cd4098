"""Choices: what they ask of the engine, and what survives a file."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photostyle.methods import registry
from photostyle.stylize.settings import FINISHES, check_settings
from photostyle_plugin import choices as choices_module
from photostyle_plugin import methods
from photostyle_plugin.choices import WORDS, Choices
from photostyle_plugin.methods import LEFT_OUT, METHODS, MethodChoice, OptionChoice

METHOD_NAMES = [method.name for method in METHODS]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def values_of(option: OptionChoice) -> st.SearchStrategy[object]:
    if option.choices:
        return st.sampled_from(option.choices)
    if option.is_file:
        return st.text(max_size=20)
    if isinstance(option.default, int):
        return st.integers(int(option.minimum or 0), int(option.maximum or 0))
    return st.floats(option.minimum, option.maximum)


@st.composite
def choices(draw: st.DrawFn) -> Choices:
    options = [option for method in METHODS for option in method.options]
    chosen = draw(st.sets(st.sampled_from(options)))
    return Choices(
        method=draw(st.sampled_from(METHOD_NAMES)),
        strength=draw(st.floats(0, 1)),
        keep_luminance=draw(st.booleans()),
        match_areas=draw(st.booleans()),
        options={option.name: draw(values_of(option)) for option in chosen},
        **{name: draw(st.sampled_from(words)) for name, words in WORDS.items()},
    )


@settings(deadline=None)
@given(choices())
def test_round_trip(given: Choices) -> None:
    assert Choices.from_json(json.loads(json.dumps(given.to_json()))) == given


@settings(deadline=None)
@given(choices())
def test_the_engine_takes_every_choice(given: Choices) -> None:
    asked = given.settings()
    check_settings(asked)
    registry.load(asked.method).complete(asked.options)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*asdict(Choices()), "new"]), ANYTHING) | ANYTHING)
def test_bad_values_become_defaults(raw: object) -> None:
    made = Choices.from_json(raw)
    check_settings(made.settings())
    registry.load(made.method).complete(made.settings().options)
    assert Choices.from_json(made.to_json()) == made


def test_good_values_beside_bad_ones_stay() -> None:
    raw = {"strength": 2, "detail": "grid", "method": "pitie", "options": {"iterations": 0, "residual": 0.5}, "x": 1}
    assert Choices.from_json(raw) == Choices(method="pitie", detail="grid", options={"residual": 0.5})


def test_options_of_other_methods_stay_behind() -> None:
    chosen = Choices(method="pitie", options={"iterations": 3, "residual": 0.5})
    assert chosen.settings().options == {"iterations": 3}


def test_the_defaults_are_the_first_words() -> None:
    assert {name: words[0] for name, words in WORDS.items()}.items() <= asdict(Choices()).items()
    assert WORDS["detail"] == FINISHES


def test_methods_are_those_of_the_engine() -> None:
    assert tuple(METHOD_NAMES) == registry.names()


@pytest.mark.parametrize("method", METHODS, ids=METHOD_NAMES)
def test_options_are_those_of_the_engine(method: MethodChoice) -> None:
    theirs = [option for option in registry.load(method.name).options if option.name not in LEFT_OUT]
    engine = [(o.name, o.default, o.minimum, o.maximum, o.choices, o.is_file) for o in theirs]
    assert [(o.name, o.default, o.minimum, o.maximum, o.choices, o.is_file) for o in method.options] == engine


FILE = OptionChoice("model", "")


@pytest.mark.parametrize(("value", "is_good"), [("", True), ("/a/b.pt", True), (1, False), ("x" * 5000, False)])
def test_a_file_is_any_path(value: object, is_good: bool) -> None:
    assert FILE.is_file
    assert FILE.allows(value) is is_good


def test_a_value_that_only_another_method_takes_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    long = MethodChoice("pitie", (OptionChoice("iterations", 300, 1, 5000),))
    other = MethodChoice("reinhard", (OptionChoice("iterations", 12, 1, 100),))
    monkeypatch.setattr(methods, "METHODS", (long, other))
    monkeypatch.setattr(choices_module, "METHODS", (long, other))
    for order in ({"iterations": 400}, {"iterations": 40}):
        read = Choices.from_json({"method": "pitie", "options": order})
        assert read.settings().options == order
    assert Choices(method="reinhard", options={"iterations": 400}).settings().options == {}
    assert Choices(method="reinhard", options={"iterations": 40}).settings().options == {"iterations": 40}


@pytest.mark.parametrize("method", METHODS, ids=METHOD_NAMES)
def test_everything_has_words(method: MethodChoice) -> None:
    assert method.label
    assert method.blurb
    for option in method.options:
        assert option.label
        assert option.help
        assert all(option.choice_label(choice) for choice in option.choices)
