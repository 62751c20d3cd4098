"""Messages between broker and worker: length and msgpack, over the worker's own pipes."""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import msgpack

from photostyle_protocol.errors import ProtocolError
from photostyle_protocol.frames import unpack_map
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.outcome import LossCurve, Notice
from photostyle_protocol.request import StylizeRequest
from photostyle_protocol.wire import from_wire, to_wire

MESSAGE_BYTES = 1 << 20
_LENGTH = struct.Struct("<I")


@dataclass(frozen=True)
class Picture:
    """Pixels that the worker has written into the store's folder as `file`."""

    digest: str
    spec: ImageSpec
    file: str


@dataclass(frozen=True)
class Run:
    """Broker to worker: do this job, whose pictures lie in the store's folder; `setbacks` workers have died of it.

    Who is `is_local`, a program of the person whose daemon this is, may name files.
    """

    job: int
    request: StylizeRequest
    specs: Mapping[str, ImageSpec]
    is_local: bool
    setbacks: int = 0


@dataclass(frozen=True)
class Stop:
    """Broker to worker: stop this job."""

    job: int


@dataclass(frozen=True)
class Ready:
    """Worker to broker: loaded, on this device."""

    device: str


@dataclass(frozen=True)
class Step:
    """Worker to broker: progress of a job, with a glimpse of it if there is a new one."""

    job: int
    fraction: float
    stage: str
    glimpse: Picture | None = None


@dataclass(frozen=True)
class Done:
    """Worker to broker: the result, and what there is to say about it."""

    job: int
    picture: Picture
    seconds: Mapping[str, float] = field(default_factory=dict)
    losses: tuple[LossCurve, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """Worker to broker: a job failed, was cancelled (code ``cancelled``), or, with job -1, loading failed."""

    job: int
    code: str
    message: str
    hint: str


_KINDS = {cls.__name__: cls for cls in (Run, Stop, Ready, Step, Done, Trouble)}


def take_pipes(buffering: int = -1) -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output for messages alone; whatever else is printed goes to standard error."""
    stdin, stdout = os.fdopen(os.dup(0), "rb", buffering), os.fdopen(os.dup(1), "wb", buffering)
    os.dup2(2, 1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return stdin, stdout


def pack(message: Any) -> bytes:
    """One message as bytes."""
    body = bytes(msgpack.packb({"type": type(message).__name__, **to_wire(message)}))
    return _LENGTH.pack(len(body)) + body


def read(stream: IO[bytes]) -> Any:
    """The next message, or ``None`` at the end of the stream.

    Raises:
        ProtocolError: It is no message.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MESSAGE_BYTES:
        raise ProtocolError(f"A message of {length} bytes over the worker's pipe.")
    body = stream.read(length)
    return parse(body) if len(body) == length else None


def parse(body: bytes) -> Any:
    """A message without its length.

    Raises:
        ProtocolError: It is none.
    """
    header = unpack_map(body)
    kind = _KINDS.get(str(header.pop("type", "")))
    if kind is None:
        raise ProtocolError("An unknown message over the worker's pipe.")
    return from_wire(kind, header, kind.__name__)
