"""From what is typed to the list of jobs; whatever can be refused without opening a picture is refused here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from photostyle.batch.finding import LISTS, Found, find_pictures
from photostyle.batch.job import Job
from photostyle.batch.listing import Row, read_list
from photostyle.batch.masks import match_masks
from photostyle.batch.naming import KEPT, WITH_STYLE, check_pattern, is_below, refuse_clashes, result_name
from photostyle.batch.rows import photograph_of, wanted_by
from photostyle.batch.wanted import Wanted
from photostyle.transfer.asked import Asked, checked
from photostyle_protocol.errors import BadInputError
from photostyle_protocol.request import Settings


def plan(words: Sequence[str], wanted: Wanted, recursive: bool = False) -> list[Job]:
    """All jobs of a batch, in order.

    Args:
        words: Photographs, folders, patterns, and lists (``.csv``, ``.json``).
        wanted: The options.
        recursive: Look into the folders of folders, too.

    Returns:
        At least one; files are named from the root, so that a job is the same wherever it is done.

    Raises:
        BadInputError: Something is missing, contradicts itself, or two results would have one name.
    """
    wanted.check()
    if wanted.pattern:
        check_pattern(wanted.pattern)
    rows = [row for word in words if _is_list(word) for row in read_list(Path(word))]
    pictures = find_pictures([word for word in words if not _is_list(word)], recursive, wanted.out)
    checked_once = _CheckedOnce()
    jobs = [job for found in _with_masks(pictures, wanted) for job in _jobs(*found, checked_once)]
    jobs += [job for row in rows for job in _jobs_of_row(row, wanted, checked_once)]
    if not jobs:
        raise BadInputError("There is no photograph to change.", "Name photographs, folders, patterns or lists.")
    read = {path for job in jobs for path in job.asked.inputs}
    refuse_clashes((job.name for job in jobs), wanted.out, sorted(read))
    return jobs


class _CheckedOnce:
    """`checked`, which may load torch, for settings that hundreds of jobs share."""

    def __init__(self) -> None:
        self._known: dict[str, Settings] = {}

    def __call__(self, settings: Settings) -> Settings:
        key = repr(settings)
        if key not in self._known:
            self._known[key] = checked(settings)
        return self._known[key]


def _is_list(word: str) -> bool:
    return Path(word).suffix.lower() in LISTS


def _with_masks(pictures: Sequence[Found], wanted: Wanted) -> Iterator[tuple[Found, Wanted]]:
    if wanted.masks is None:
        yield from ((found, wanted) for found in pictures)
    else:
        masks = match_masks(pictures, wanted.masks)
        yield from ((found, replace(wanted, mask=mask)) for found, mask in zip(pictures, masks, strict=True))


def _jobs_of_row(row: Row, wanted: Wanted, check: Callable[[Settings], Settings]) -> Iterator[Job]:
    output = row.text("output")
    if output and not is_below(PurePosixPath(output)):
        raise BadInputError(f"{row.where}: the output {output} leaves the folder of results.", "Write a name below it.")
    ((found, own),) = _with_masks([photograph_of(row)], wanted_by(row, wanted))
    try:
        yield from _jobs(found, own, check, output)
    except BadInputError as error:
        raise type(error)(f"{row.where}: {error.message}", error.hint) from None


def _jobs(
    found: Found, wanted: Wanted, check: Callable[[Settings], Settings], output: str | None = None
) -> Iterator[Job]:
    """A job for each style."""
    settings = check(wanted.settings)
    pattern = wanted.pattern or (WITH_STYLE if len(wanted.styles) > 1 else KEPT)
    for style in wanted.styles or (None,):
        name = output or result_name(pattern, found.path, found.folder, style, settings.method)
        asked = Asked(
            found.path,
            style,
            wanted.out / name,
            settings,
            wanted.mask,
            wanted.content_map,
            wanted.style_map,
            wanted.regions,
        ).from_root()
        asked.check_regions()
        yield Job(PurePosixPath(name).as_posix(), asked)
