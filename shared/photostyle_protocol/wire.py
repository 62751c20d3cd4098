"""Dataclasses to plain maps and back, with strict keys and types."""

from __future__ import annotations

import collections.abc
import math
import reprlib
import types
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from typing import Any, Dict, Tuple, Type, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from photostyle_protocol.errors import ProtocolError

T = TypeVar("T")
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 80


def to_wire(value: Any) -> Any:
    """A dataclass as maps, lists and scalars that msgpack can write."""
    if is_dataclass(value):
        return {item.name: to_wire(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, collections.abc.Mapping):
        return {key: to_wire(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_wire(item) for item in value]
    return value


def from_wire(cls: Type[T], raw: Any, where: str) -> T:
    """A dataclass from a map that came over the wire.

    Args:
        cls: The dataclass.
        raw: What msgpack read.
        where: Name of the place, for the sentence of an error.

    Raises:
        ProtocolError: A key is missing or unknown, or a value has the wrong type.
        PhotostyleError: Whatever the dataclass itself refuses.
    """
    if not isinstance(raw, dict):
        raise ProtocolError(f"{where} must be a map, not {type(raw).__name__}.")
    hints, required = _shape(cast(Any, cls))
    _check_keys(raw, hints, required, where)
    return cls(**{key: _parse(hints[key], item, f"{where}.{key}") for key, item in raw.items()})


@lru_cache(maxsize=None)
def _shape(cls: Any) -> Tuple[Dict[str, Any], Tuple[str, ...]]:
    required = [f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING]
    return get_type_hints(cls), tuple(required)


def _check_keys(raw: Dict[Any, Any], hints: Dict[str, Any], required: Tuple[str, ...], where: str) -> None:
    unknown = [key for key in raw if key not in hints]
    if unknown:
        raise ProtocolError(f"{where} has the unknown key {str(unknown[0])[:80]!r}.")
    missing = [key for key in required if key not in raw]
    if missing:
        raise ProtocolError(f"{where} lacks the key {missing[0]!r}.")


def _parse(kind: Any, raw: Any, where: str) -> Any:
    origin = get_origin(kind)
    if is_dataclass(kind):
        return from_wire(cast("Type[Any]", kind), raw, where)
    if origin in (Union, types.UnionType):
        return _parse_union(kind, raw, where)
    if origin is tuple:
        _require(isinstance(raw, list), raw, "a list", where)
        return tuple(_parse(get_args(kind)[0], item, f"{where}[{i}]") for i, item in enumerate(raw))
    if origin is collections.abc.Mapping:
        _require(isinstance(raw, dict), raw, "a map", where)
        return {_parse(str, key, where): _parse(get_args(kind)[1], item, f"{where}.{key}") for key, item in raw.items()}
    return _parse_scalar(kind, raw, where)


def _parse_union(kind: Any, raw: Any, where: str) -> Any:
    choices = get_args(kind)
    if type(raw) in choices:
        _require(not isinstance(raw, float) or math.isfinite(raw), raw, "a finite number", where)
        return raw
    structured = [choice for choice in choices if is_dataclass(choice)]
    if structured:
        return _parse(structured[0], raw, where)
    raise _wrong(raw, " or ".join("nothing" if c is type(None) else c.__name__ for c in choices), where)


def _parse_scalar(kind: Any, raw: Any, where: str) -> Any:
    if kind is float:
        _require(type(raw) in (int, float) and math.isfinite(raw), raw, "a finite number", where)
        return float(raw)
    _require(type(raw) is kind, raw, kind.__name__, where)
    return raw


def _require(fits: bool, raw: Any, wanted: str, where: str) -> None:
    if not fits:
        raise _wrong(raw, wanted, where)


def _wrong(raw: Any, wanted: str, where: str) -> ProtocolError:
    return ProtocolError(f"{where} must be {wanted}, not {_SHORT.repr(raw)[:80]}.")
