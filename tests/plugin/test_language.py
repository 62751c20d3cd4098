"""The words in other languages: complete, compiled, and chosen as the person's."""

from __future__ import annotations

import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from photostyle_plugin.language import DOMAIN, FOLDER
from photostyle_plugin.texts import Words, _, use_language
from support.daemon import environment
from support.imports import REPOSITORY

LANGUAGES = sorted(path.parents[1].name for path in FOLDER.rglob(f"{DOMAIN}.po"))
ELLIPSES = ("…", "...")


def spoken() -> set[str]:
    """Every text of both plug-ins that can be translated."""
    found = extract_from_dir(REPOSITORY / "plugin", [("**.py", "python")], keywords={"_": None, "Word": None})
    return {str(message) for _, _, message, _, _ in found}


def catalogue(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language)


def names(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text)}


def test_there_is_a_translation() -> None:
    assert "de" in LANGUAGES
    assert len(spoken()) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_and_nothing_is_left_over(language: str) -> None:
    translated = {message.id for message in catalogue(language) if message.id and message.string and not message.fuzzy}
    assert translated == spoken()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_and_what_follows_stays(language: str) -> None:
    for message in catalogue(language):
        if message.id:
            assert names(message.string) == names(message.id)
            assert message.string.endswith(ELLIPSES) == message.id.endswith(ELLIPSES), message.id
            assert message.string.count("_") == message.id.count("_"), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_is_what_the_source_says(language: str) -> None:
    with (FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        compiled = {message.id: message.string for message in read_mo(file) if message.id}
    assert compiled == {message.id: message.string for message in catalogue(language) if message.id}


@pytest.fixture
def german() -> Iterator[None]:
    use_language("de_AT", "fr")
    yield
    use_language("en")


@pytest.mark.usefixtures("german")
def test_the_editors_language() -> None:
    assert Words.strength == "Stärke"
    assert _("Strength") == "Stärke"
    assert _("What nobody has translated") == "What nobody has translated"
    assert _("") == ""
    use_language("tlh")
    assert Words.strength == "Strength"


@pytest.mark.parametrize(
    ("codes", "expected"),
    [(("de-DE", "en"), "Stärke"), (("en-GB", "de"), "Strength"), (("tlh", "de_CH"), "Stärke"), (("xx",), "Strength")],
)
def test_an_order_of_languages(codes: tuple[str, ...], expected: str) -> None:
    use_language(*codes)
    assert Words.strength == expected
    use_language("en")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LC_ALL": "de_DE.UTF-8"}, "Stärke"),
        ({"LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8"}, "Strength"),
        ({"LANGUAGE": "fr:de", "LANG": "en_US.UTF-8"}, "Stärke"),
        ({"LANGUAGE": "en_US:en:de"}, "Strength"),
        ({"LANGUAGE": "de", "LANG": "C.UTF-8"}, "Strength"),
        ({"LANGUAGE": "de"}, "Stärke"),
        ({}, "Strength"),
    ],
)
def test_the_environments_language(variables: dict[str, str], expected: str) -> None:
    program = "import sys; from photostyle_plugin.texts import Words; sys.stdout.buffer.write(Words.strength.encode())"
    silent = dict.fromkeys(("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"), "")
    everything = {**environment(), **silent, **variables}
    done = subprocess.run([sys.executable, "-c", program], env=everything, capture_output=True, timeout=60, check=True)
    assert done.stdout.decode() == expected


def test_a_plugin_without_its_translations_speaks_english(tmp_path: Path) -> None:
    copy = tmp_path / "photostyle_plugin"
    copy.mkdir()
    for name in ("__init__", "language", "texts"):
        (copy / f"{name}.py").write_bytes((FOLDER.parent / f"{name}.py").read_bytes())
    program = "from photostyle_plugin.texts import Words; print(Words.strength)"
    command = [sys.executable, "-c", program]
    variables = {**environment(), "LANGUAGE": "de", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "Strength\n"
