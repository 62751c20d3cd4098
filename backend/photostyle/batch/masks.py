"""Masks that lie in a folder of their own and are called like their photographs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from photostyle.batch.finding import PICTURES, Found
from photostyle_protocol.errors import BadInputError


def match_masks(contents: Sequence[Found], folder: Path) -> list[Path]:
    """The mask of each photograph: the picture of the same stem, in the same folder below `folder` or in itself.

    Raises:
        BadInputError: There is no such mask, or there are two.
    """
    if not folder.is_dir():
        raise BadInputError(f"{folder} is no folder.", "--masks takes a folder; --mask takes one mask for all.")
    stems = cache(_by_stem)
    return [
        _mask_of(content, folder, [stems(place) for place in (folder / content.folder, folder)]) for content in contents
    ]


def _mask_of(content: Found, folder: Path, places: Sequence[Mapping[str, list[Path]]]) -> Path:
    stem = content.path.stem
    masks = next((place[stem] for place in places if stem in place), [])
    if not masks:
        raise BadInputError(
            f"There is no mask for {content.path} in {folder}.",
            f"It would be called {stem}.png; white everywhere changes all of it.",
        )
    if len(masks) > 1:
        raise BadInputError(f"{masks[0]} and {masks[1]} are both masks of {content.path}.", "Keep one of them.")
    return masks[0]


def _by_stem(folder: Path) -> dict[str, list[Path]]:
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() in PICTURES:
            found[path.stem].append(path)
    return dict(found)
