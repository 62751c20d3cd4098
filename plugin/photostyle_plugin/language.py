"""The language in which a person reads what the plug-ins say."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

DOMAIN = "photostyle"
FOLDER = Path(__file__).parent / "locale"
_chosen: list[str] = []


def use_language(*codes: str) -> None:
    """Speak these languages from now on, the first that is there; none means the environment's.

    Args:
        codes: As gettext writes them, ``de`` or ``pt_BR``; the editor's own language.
    """
    _chosen[:] = codes
    _catalogue.cache_clear()


def _(message: str) -> str:
    """`message` in the person's language; in English where there is no translation."""
    return _catalogue().gettext(message) if message else ""


@functools.lru_cache(maxsize=1)
def _catalogue() -> NullTranslations:
    import gettext

    return gettext.translation(DOMAIN, str(FOLDER), languages=list(_chosen) or None, fallback=True)


class Word:
    """A text of a class that is translated when it is read, so that the language can be chosen after the import."""

    def __init__(self, english: str) -> None:
        self.english = english

    def __get__(self, instance: object, owner: type) -> str:
        """The text in the person's language."""
        return _(self.english)
