"""All that decides a result: two jobs with the same recipe make the same file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from photostyle import __version__
from photostyle.batch.digests import Digests
from photostyle.transfer.asked import Asked


class Recipe(NamedTuple):
    """What a result is made of.

    Attributes:
        inputs: Name and SHA-256 of each file, by what it is for.
        options: How the picture is stylized.
        models: Digest of the list of models in use.
        series: Digest of the series whose look it shares.
    """

    inputs: dict[str, dict[str, str]]
    options: dict[str, Any]
    models: str
    series: str | None

    @property
    def key(self) -> str:
        """SHA-256 of all that counts: what files hold, not what they are called or where they lie."""
        contents = {role: file["sha256"] for role, file in self.inputs.items()}
        options = {**self.options, "options": {k: v for k, v in self.options["options"].items() if k not in contents}}
        counts = [__version__, contents, options, self.models, self.series]
        return hashlib.sha256(json.dumps(counts, sort_keys=True).encode()).hexdigest()


def recipe_of(asked: Asked, digests: Digests, series: str | None) -> Recipe:
    """The recipe of one transfer.

    Args:
        asked: The transfer.
        digests: Knows the files.
        series: Digest of the series whose look it shares.
    """
    from photostyle.models import store

    files = {role: {"file": str(path), "sha256": digests.of(path)} for role, path in _files(asked)}
    models = hashlib.sha256(json.dumps(store.expected_digests(), sort_keys=True).encode()).hexdigest()
    regions = [
        {"color": region.where if asked.content_map else None, "strength": region.strength} for region in asked.regions
    ]
    return Recipe(files, {**asdict(asked.settings), "region": regions}, models, series)


def _files(asked: Asked) -> Iterator[tuple[str, Path]]:
    named = {
        "content": asked.content,
        "style": asked.style,
        "mask": asked.mask,
        "content_regions": asked.content_map,
        "style_regions": asked.style_map,
    }
    yield from ((role, path) for role, path in named.items() if path is not None)
    for number, region in enumerate(asked.regions, 1):
        if asked.content_map is None:
            yield f"region {number}", Path(region.where)
        yield f"style {number}", region.style
        if region.style_mask is not None:
            yield f"style mask {number}", region.style_mask
    yield from ((name, Path(str(asked.settings.options[name]))) for name in _file_options(asked))


def _file_options(asked: Asked) -> list[str]:
    """The method's options that name a file."""
    if not asked.settings.options:
        return []
    from photostyle.methods import registry

    options = registry.load(asked.settings.method).options
    return [option.name for option in options if option.is_file and asked.settings.options.get(option.name)]
