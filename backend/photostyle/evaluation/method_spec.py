"""A method and how it is to be run, in one word that fits a table's first column."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Literal

from photostyle.methods import registry
from photostyle.stylize.settings import FINISHES, check_settings
from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.request import Scalar, Settings

GRAMMAR = "METHOD:OPTION=VALUE@FINISH/REGIONS, all but the method optional"
Regions = Literal["given", "auto", "none"]
_REGIONS: dict[str, Regions] = {"given": "given", "auto": "auto", "none": "none"}


@dataclass(frozen=True)
class MethodSpec:
    """One way to run one method.

    Attributes:
        text: As it was typed.
        settings: Method, options and finish, at full strength.
        regions: ``given`` uses the regions of a case, ``auto`` finds some of its own, ``none`` does without.
    """

    text: str
    settings: Settings
    regions: Regions

    @classmethod
    def parse(cls, text: str) -> MethodSpec:
        """``rest:residual=0.5@grid/none`` and the like; see `GRAMMAR`.

        Raises:
            UnknownMethodError: No method has this name.
            BadOptionError: Anything else in it is unknown.
        """
        rest, regions = _ending(text, "/", _REGIONS)
        rest, finish = _ending(rest, "@", FINISHES)
        method, *words = rest.split(":")
        kind = _regions(text, regions or "given")
        options = dict(_option(text, word) for word in words)
        settings = Settings(
            method, finish=finish or "auto", options=options, regions="auto" if kind == "auto" else "given"
        )
        check_settings(settings)
        registry.load(method).complete(settings.options)
        return cls(text, settings, kind)


def _ending(text: str, mark: str, known: Container[str]) -> tuple[str, str]:
    """What comes before the last mark, and after it; an option may name a file, whose path has such marks too."""
    head, found, tail = text.rpartition(mark)
    return (head, tail) if found and (tail in known or "=" not in head) else (text, "")


def _option(text: str, word: str) -> tuple[str, Scalar]:
    name, equals, value = word.partition("=")
    if not equals or not name:
        raise BadOptionError(f"The option {word!r} of {text} has no value.", f"Write {GRAMMAR}.")
    return name, value


def _regions(text: str, word: str) -> Regions:
    if word not in _REGIONS:
        known = ", ".join(_REGIONS)
        raise BadOptionError(f"The regions of {text} are {word!r}.", f"After the slash write one of: {known}.")
    return _REGIONS[word]
