"""The plug-in for Krita as a zip, for *Import Python Plugin from File…*."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from photostyle import __version__
from photostyle.installing.payload import parcel
from photostyle.installing.receipt import Receipt
from photostyle_protocol.errors import OutputError

_TIME = (1980, 1, 1, 0, 0, 0)
"""The same for every file, so that the same plug-in gives the same bytes."""


def krita_zip(compiled: Mapping[str, bytes]) -> bytes:
    """The zip's bytes.

    Krita takes the package by its folder's own entry, and the ``.desktop`` and ``.action`` files from wherever they
    are. The receipt is in it too, so that `photostyle install` and `photostyle uninstall` know what came this way.

    Args:
        compiled: Modules for the Pythons that Krita brings, by path below the plug-in's folder.
    """
    goods = parcel("krita", compiled)
    files = {**goods.files, goods.receipt_path: Receipt.of(__version__, goods.files).to_json()}
    flat = {_place_in_zip(path): data for path, data in files.items()}
    folders = {f"{folder}/" for path in flat for folder in PurePosixPath(path).parents if folder.parts}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted({*folders, *flat}):
            archive.writestr(_entry(name), flat.get(name, b""))
    return written.getvalue()


def write_zip(path: Path, compiled: Mapping[str, bytes]) -> int:
    """Write the zip and return its size in bytes.

    Raises:
        OutputError: The disk says no.
    """
    data = krita_zip(compiled)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error
    return len(data)


def _place_in_zip(path: str) -> str:
    """The package, the ``.desktop`` and the ``.action`` beside each other."""
    return path.partition("/")[2]


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (0o40755 << 16 | 0x10) if name.endswith("/") else 0o100644 << 16
    return entry
