"""The language in which a person reads what the plug-ins say."""

from __future__ import annotations

import functools
import os
import re
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

DOMAIN = "photostyle"
FOLDER = Path(__file__).parent / "locale"
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
_NEEDS_NO_TRANSLATION = ("en", "C", "POSIX")
_chosen: list[str] = []


def use_language(*codes: str) -> None:
    """Speak the first of these languages that is there, from now on; none means the environment's.

    Args:
        codes: The editor's own languages, ``de``, ``pt_BR`` or ``pt-BR``.
    """
    _chosen[:] = [code.replace("-", "_") for code in codes]
    _catalogue.cache_clear()


def _(message: str) -> str:
    """`message` in the person's language; in English where there is no translation."""
    return _catalogue().gettext(message) if message else ""


@functools.lru_cache(maxsize=1)
def _catalogue() -> NullTranslations:
    import gettext

    # Who likes English best does not want the second best because English needs no file.
    wanted = takewhile(lambda code: _bare(code) not in _NEEDS_NO_TRANSLATION, _chosen or _environment())
    return gettext.translation(DOMAIN, str(FOLDER), languages=list(wanted), fallback=True)


def _environment() -> list[str]:
    """As the editors' own translations read it: the C locale knows no language, whatever ``LANGUAGE`` says."""
    locale = next((value for variable in _LOCALES if (value := os.environ.get(variable))), "")
    order = os.environ.get("LANGUAGE", "").split(":") if _bare(locale) not in ("C", "POSIX") else []
    return [code for code in (*order, locale) if code]


def _bare(code: str) -> str:
    """``de_DE.UTF-8`` without country and encoding."""
    return re.split("[_.@]", code)[0]


class Word:
    """A text of a class that is translated when it is read, so that the language can be chosen after the import."""

    def __init__(self, english: str) -> None:
        self.english = english

    def __get__(self, instance: object, owner: type) -> str:
        """The text in the person's language."""
        return _(self.english)
