"""Looks that nobody photographed, and broken ones."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photostyle_protocol.look_file import FORMS, LAYOUT, pack_look

CHECKPOINTS = {form: f"{number:064x}" for number, form in enumerate(FORMS, start=1)}
_TYPES = {"F32": "<f4", "F16": "<f2"}


def jpeg(width: int = 9, height: int = 6) -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "JPEG")
    return file.getvalue()


def numbers() -> dict[str, NDArray[Any]]:
    """Every tensor of numbers: means of ½, and covariances with the variance 0.04 and no correlation."""
    made = {name: np.full(shape, 0.5, _TYPES[kind]) for name, (kind, shape) in LAYOUT.items()}
    for name, array in made.items():
        if name.endswith("covariance"):
            size = 3 if name.startswith("color") else 16
            array[...] = np.eye(size, dtype="<f4")[np.triu_indices(size)] * 0.04
    return made


def packed(
    name: str = "made up",
    checkpoints: Mapping[str, str] = CHECKPOINTS,
    thumbnail: bytes | None = None,
    **changed: NDArray[Any],
) -> bytes:
    """A look's bytes; tensors may be given with ``_`` for the dot and the dash in their names."""
    tensors = numbers()
    for key in tensors:
        tensors[key] = changed.pop(key.replace(".", "_").replace("-", "_"), tensors[key])
    assert not changed
    parts = {key: array.tobytes() for key, array in tensors.items()}
    return pack_look(name, checkpoints, {**parts, "thumbnail": jpeg() if thumbnail is None else thumbnail})


def with_header(data: bytes, change: Mapping[str, Any]) -> bytes:
    """The same file with other entries in its header; ``None`` removes one."""
    length = struct.unpack_from("<Q", data)[0]
    header = {**json.loads(data[8 : 8 + length]), **change}
    kept = {key: value for key, value in header.items() if value is not None}
    return with_text(data, json.dumps(kept))


def with_text(data: bytes, text: str) -> bytes:
    """The same file with another text for a header."""
    length = struct.unpack_from("<Q", data)[0]
    return struct.pack("<Q", len(text.encode())) + text.encode() + data[8 + length :]


def header_of(data: bytes) -> dict[str, Any]:
    """What a look's header says."""
    length = struct.unpack_from("<Q", data)[0]
    found: dict[str, Any] = json.loads(data[8 : 8 + length])
    return found
