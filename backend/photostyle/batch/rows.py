"""A row of a list as transfers: what it says itself, and what the command says for all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from photostyle.batch.finding import Found
from photostyle.batch.listing import Row
from photostyle.batch.wanted import Wanted
from photostyle.transfer.asked import method_options
from photostyle.transfer.region_words import RegionWord
from photostyle_protocol.errors import BadInputError, BadOptionError
from photostyle_protocol.request import Scalar, Settings

_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def photograph_of(row: Row) -> Found:
    """The content; the folders that its row names are kept, where they lie below the list."""
    written = Path(row.values["content"][0]).expanduser()
    inside = not written.is_absolute() and ".." not in written.parts
    return Found(row.folder / written, PurePosixPath(written.parent.as_posix() if inside else ""))


def wanted_by(row: Row, wanted: Wanted) -> Wanted:
    """The command's wishes with the row's own in front.

    Raises:
        BadInputError: A value is not understood; the row is named.
    """
    try:
        style, content_map = row.path("style"), row.path("content_regions") or wanted.content_map
        own_regions = tuple(_region(row, word, content_map) for word in row.values.get("region", ()))
        return replace(
            wanted,
            settings=_settings(row, wanted.settings),
            styles=(style,) if style else wanted.styles,
            mask=row.path("mask") or wanted.mask,
            masks=None if "mask" in row.values else wanted.masks,
            content_map=content_map,
            style_map=row.path("style_regions") or wanted.style_map,
            regions=own_regions or wanted.regions,
        )
    except BadInputError as error:
        raise type(error)(f"{row.where}: {error.message}", error.hint) from None


def _settings(row: Row, common: Settings) -> Settings:
    method = row.text("method") or common.method
    # Options belong to a method: those of the command are for the command's.
    options: dict[str, Scalar] = dict(common.options) if method == common.method else {}
    options |= method_options(row.values.get("option", ()))
    if model := row.path("model"):
        options["model"] = str(model)
    return Settings(
        method,
        _number(row.text("strength"), common.strength),
        _yes_or_no(row.text("keep_luminance"), common.keep_luminance),
        row.text("finish") or common.finish,
        options,
        row.text("regions") or common.regions,
    )


def _number(text: str | None, otherwise: float) -> float:
    try:
        return otherwise if text is None else float(text)
    except ValueError:
        raise BadOptionError(f"The strength {text} is no number.", "Give a number from 0 to 1.") from None


def _yes_or_no(text: str | None, otherwise: bool) -> bool:
    if text is None:
        return otherwise
    if text.lower() not in _WORDS:
        raise BadOptionError(f"keep_luminance is {text!r}.", "Write yes or no.")
    return _WORDS[text.lower()]


def _region(row: Row, text: str, content_map: Path | None) -> RegionWord:
    """Its files start from the list's folder; with a map of the content, `where` is no file but a colour."""
    word = RegionWord.parse(text)
    return replace(
        word,
        where=word.where if content_map else str(row.folder / word.where),
        style=row.folder / word.style,
        style_mask=row.folder / word.style_mask if word.style_mask else None,
    )
