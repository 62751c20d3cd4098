"""From a published file to weights that can be used: fetched, checked, converted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from photostyle.features.weights import cache
from photostyle.features.weights.download import DownloadError, download
from photostyle.features.weights.published import Published
from photostyle_protocol.errors import BadInputError, ResourceError

_CONVERTED_SHARE = 0.2
"""Of the published size, at most: what the converted file takes."""

Show = Callable[[str, float | None], None]
"""Told what is being done now, and how much of it is done (``None``: unknown)."""


def fetch(published: Published, show: Show, source: Path | None = None) -> Path:
    """Fetch the weights of a network, or take them from a file, and keep them in the cache.

    Args:
        published: Which.
        show: Told how far it is.
        source: The publisher's file, fetched elsewhere; it is left as it is.

    Returns:
        The safetensors file.

    Raises:
        BadInputError: `source` is missing or is another file.
        DownloadError: The download failed or gave another file.
        ResourceError: The disk is full, or the cache cannot be written.
    """
    if source is not None and not source.is_file():
        raise BadInputError(f"There is no file at {source}.", "Check the path.")
    _make_room(published, source)
    file = source or _downloaded(published, show)
    show(f"checking {published.file}", None)
    _check(published, file, is_ours=source is None)
    show(f"converting {published.file}", None)
    path = _converted(published, file)
    cache.part(published).unlink(missing_ok=True)
    return path


def fetched_by_torchvision(published: Published) -> Path | None:
    """The file where torchvision itself has fetched it before."""
    import torch

    file = Path(torch.hub.get_dir()) / "checkpoints" / published.file
    return file if file.is_file() and file.stat().st_size == published.size else None


def _make_room(published: Published, source: Path | None) -> None:
    """Make the folder, and refuse to begin what the disk cannot hold."""
    folder = cache.folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResourceError(f"The folder {folder} cannot be made: {error}.", "Check who may write there.") from error
    part = cache.part(published)
    missing = 0 if source else published.size - (part.stat().st_size if part.exists() else 0)
    needed = missing + _CONVERTED_SHARE * published.size
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ResourceError(
            f"{needed / 1e6:.0f} MB are needed in {folder}, and {free / 1e6:.0f} are free.", "Make room."
        )


def _downloaded(published: Published, show: Show) -> Path:
    part = cache.part(published)
    what = f"fetching {published.file}"
    download(published.address, part, published.size, lambda have: show(what, min(have / published.size, 1.0)))
    return part


def _check(published: Published, file: Path, is_ours: bool) -> None:
    digest = cache.sha256(file)
    if digest == published.digest:
        return
    told = f"its SHA-256 begins with {digest[:8]} instead of {published.digest[:8]}"
    if not is_ours:
        raise BadInputError(
            f"{file} is not {published.file}, or is damaged: {told}.", f"Get it from {published.address}"
        )
    file.unlink()
    raise DownloadError(
        f"What came from {published.address} is not {published.file}: {told}. It was deleted.",
        "Try again. If it is the same then, something on the way changes files: fetch it elsewhere, and use --from.",
    )


def _converted(published: Published, file: Path) -> Path:
    from safetensors import SafetensorError

    from photostyle.features.weights.conversion import convert

    fresh = cache.place(published).with_suffix(".new")
    try:
        convert(file, fresh)
        return cache.record(published, fresh)
    except (OSError, SafetensorError) as error:
        raise ResourceError(f"{cache.place(published)} cannot be written: {error}.", "Is the disk full?") from error
    finally:
        fresh.unlink(missing_ok=True)
