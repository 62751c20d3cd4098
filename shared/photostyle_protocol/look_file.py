"""A look in a file: what a style photograph is reduced to, for use wherever the photograph would be used.

A look is a safetensors file of a few kB with exactly the tensors of `LAYOUT`. It is read here, with nothing but the
standard library, so that an editor's own Python and the backend refuse the same files with the same words.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence, Tuple, Union

from photostyle_protocol.errors import BadLookError
from photostyle_protocol.images import check_digest
from photostyle_protocol.jpeg_size import jpeg_size

SUFFIX = ".look"
FORMAT, VERSION = "photostyle-look", "1"
LOOK_BYTES = 16 * 1024
"""Largest file; one with all that a look may hold has about 12 kB."""

NAME_CHARACTERS = 80
PALETTE = 1024
"""Colours that stand for the distribution of all."""

THUMBNAIL_SIDE = 96
FORMS = ("rest", "rest-paper")
"""The checkpoints whose features are described."""

_LEVELS, _CHANNELS = 3, 16
_LARGEST = 1e6
_HINT = "Save it again with: photostyle look save."

LAYOUT: Mapping[str, Tuple[str, Tuple[int, ...]]] = {
    "color.mean": ("F32", (3,)),
    "color.covariance": ("F32", (6,)),
    "lab.mean": ("F32", (3,)),
    "lab.deviation": ("F32", (3,)),
    "rest.mean": ("F32", (_LEVELS, _CHANNELS)),
    "rest.covariance": ("F32", (_LEVELS, _CHANNELS * (_CHANNELS + 1) // 2)),
    "rest-paper.mean": ("F32", (_LEVELS, _CHANNELS)),
    "rest-paper.covariance": ("F32", (_LEVELS, _CHANNELS * (_CHANNELS + 1) // 2)),
    "palette": ("F16", (PALETTE, 3)),
}
"""Type and shape of each tensor of numbers. Covariances are the rows of their upper triangles. Colours are sRGB with
its curve, nominally 0–1; those of ``lab`` are CIE L*a*b* under D65. Beside them lies ``thumbnail``, a JPEG file."""

_CODES = {"F32": "f", "F16": "e"}


@dataclass(frozen=True)
class LookFile:
    """A look as its file holds it, checked.

    Attributes:
        data: The whole file.
        name: What people call it.
        checkpoints: SHA-256 of the checkpoint whose features are described, for each of `FORMS`.
        values: The numbers of each tensor of `LAYOUT`, in order.
        thumbnail: A small JPEG picture of the photograph, at most `THUMBNAIL_SIDE` pixels either way.
    """

    data: bytes
    name: str
    checkpoints: Mapping[str, str]
    values: Mapping[str, Tuple[float, ...]]
    thumbnail: bytes


def is_look(path: Union[str, Path]) -> bool:
    """Whether a file is a look, going by its name."""
    return str(path).lower().endswith(SUFFIX)


def read_look(path: Union[str, Path]) -> LookFile:
    """Read a look.

    Raises:
        BadLookError: There is no such file, or it is no look.
    """
    try:
        if not Path(path).is_file():
            raise BadLookError(f"There is no look at {path}.", "Check the name and the folder.")
        with Path(path).open("rb") as file:
            data = file.read(LOOK_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadLookError(f"{path} cannot be read ({reason}).", "Check its name and permissions.") from error
    return parse_look(data, str(path))


def pack_look(name: str, checkpoints: Mapping[str, str], tensors: Mapping[str, bytes]) -> bytes:
    """The bytes of a look; the same parts always give the same.

    Args:
        name: See `LookFile`.
        checkpoints: See `LookFile`.
        tensors: Little-endian bytes of each tensor of `LAYOUT`, and the thumbnail.

    Raises:
        BadLookError: They are no look.
    """
    header: Dict[str, Any] = {"__metadata__": {"format": FORMAT, "version": VERSION, "name": name, **checkpoints}}
    shapes = {**LAYOUT, "thumbnail": ("U8", (len(tensors["thumbnail"]),))}
    end = 0
    for key, (kind, shape) in shapes.items():
        start, end = end, end + len(tensors[key])
        header[key] = {"dtype": kind, "shape": shape, "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 8)
    data = struct.pack("<Q", len(text)) + text + b"".join(tensors[key] for key in shapes)
    return parse_look(data).data


def parse_look(data: bytes, where: str = "The look") -> LookFile:
    """Read the bytes of a look.

    Args:
        data: The whole file.
        where: What to call it in an error.

    Raises:
        BadLookError: It is none, is of another version, or holds what no photograph could have led to.
    """
    try:
        return _parsed(data, where)
    except (ValueError, KeyError, TypeError, RecursionError, struct.error) as error:
        reason = str(error).rstrip(".") or type(error).__name__
        raise BadLookError(f"{where} is no look, or it is damaged: {reason}.", _HINT) from error


def has_no_places(look: LookFile) -> BadLookError:
    """What to say where a mask or a map is to choose a part of a look."""
    return BadLookError(
        f"The look {look.name} has no places that a mask could choose.",
        "Choose them when you save it: photostyle look save STYLE LOOK --mask MASK.",
    )


def _parsed(data: bytes, where: str) -> LookFile:
    if len(data) > LOOK_BYTES:
        raise ValueError(f"it has more than {LOOK_BYTES} bytes")
    header, body = _split(data)
    metadata = header.pop("__metadata__", {})
    _check_version(metadata, where)
    if set(header) != {*LAYOUT, "thumbnail"}:
        raise ValueError("it holds other tensors")
    places = {name: _place(entry) for name, entry in header.items()}
    _check_places(sorted(place[2:] for place in places.values()), len(body))
    values = {name: _numbers(name, places[name], body) for name in LAYOUT}
    _check_values(values)
    kind, shape, start, end = places["thumbnail"]
    if kind != "U8" or shape != (end - start,):
        raise ValueError("its thumbnail has another form")
    thumbnail = body[start:end]
    if max(jpeg_size(thumbnail)) > THUMBNAIL_SIDE:
        raise ValueError("its thumbnail is too large")
    return LookFile(data, metadata["name"], {form: metadata[form] for form in FORMS}, values, thumbnail)


def _split(data: bytes) -> Tuple[Dict[str, Any], bytes]:
    """The header and what follows it."""
    (length,) = struct.unpack_from("<Q", data)
    if length > len(data) - 8:
        raise ValueError("its header is cut off")
    header = json.loads(data[8 : 8 + length].decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    if not isinstance(header, dict):
        raise ValueError("its header is no map")
    return header, data[8 + length :]


def _once(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("its header has a key twice")
    return dict(pairs)


def _refuse(constant: str) -> Any:
    raise ValueError(f"its header holds {constant}")


def _check_version(metadata: Any, where: str) -> None:
    if not isinstance(metadata, dict) or metadata.get("format") != FORMAT:
        raise ValueError("it does not say that it is one")
    if metadata.get("version") != VERSION:
        raise BadLookError(
            f"{where} is a look of version {str(metadata.get('version'))[:20]}, and this program reads {VERSION}.",
            "Save it again with this program, or update it.",
        )
    if set(metadata) != {"format", "version", "name", *FORMS}:
        raise ValueError("it says other things of itself")
    name = metadata["name"]
    if not isinstance(name, str) or not name.isprintable() or not 1 <= len(name) <= NAME_CHARACTERS:
        raise ValueError("its name is none")
    for form in FORMS:
        if not isinstance(metadata[form], str):
            raise ValueError("it does not say which network it is for")
        _check_checkpoint(metadata[form])


def _check_checkpoint(text: str) -> None:
    try:
        check_digest(text)
    except Exception as error:
        raise ValueError("it does not say which network it is for") from error


def _place(entry: Any) -> Tuple[str, Tuple[int, ...], int, int]:
    """Type, shape, first byte and end of a tensor."""
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise ValueError("its header has another form")
    shape, offsets = entry["shape"], entry["data_offsets"]
    if not all(isinstance(numbers, list) and all(type(n) is int for n in numbers) for numbers in (shape, offsets)):
        raise ValueError("its header has another form")
    start, end = offsets
    return entry["dtype"], tuple(shape), start, end


def _check_places(places: Sequence[Tuple[int, int]], length: int) -> None:
    """Tensors lie one behind the other, and nothing lies beside them."""
    ends = [0, *(end for _, end in places)]
    if [start for start, _ in places] != ends[:-1] or any(end <= start for start, end in places) or ends[-1] != length:
        raise ValueError("its tensors do not fill it")


def _numbers(name: str, place: Tuple[str, Tuple[int, ...], int, int], body: bytes) -> Tuple[float, ...]:
    kind, shape, start, end = place
    if (kind, shape) != LAYOUT[name]:
        raise ValueError(f"its {name} has another form")
    numbers = struct.unpack(f"<{math.prod(shape)}{_CODES[kind]}", body[start:end])
    if not all(math.isfinite(n) and abs(n) <= _LARGEST for n in numbers):
        raise ValueError(f"its {name} holds what is no measure of a picture")
    return numbers


def _check_values(values: Mapping[str, Tuple[float, ...]]) -> None:
    if min(values["lab.deviation"]) < 0:
        raise ValueError("its lab.deviation is negative")
    _check_covariance("color", values["color.covariance"], 3)
    step = _CHANNELS * (_CHANNELS + 1) // 2
    for form in FORMS:
        rows = values[f"{form}.covariance"]
        for level in range(_LEVELS):
            _check_covariance(form, rows[level * step : (level + 1) * step], _CHANNELS)


def _check_covariance(name: str, rows: Sequence[float], size: int) -> None:
    """No variance is negative, and no correlation beyond 1."""
    places = [(i, j) for i in range(size) for j in range(i, size)]
    found = dict(zip(places, rows, strict=True))
    spread = [math.sqrt(found[i, i]) if found[i, i] >= 0 else math.nan for i in range(size)]
    if not all(abs(found[i, j]) <= spread[i] * spread[j] * 1.001 + 1e-6 for i, j in places):
        raise ValueError(f"its {name}.covariance is none")
