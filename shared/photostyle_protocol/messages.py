"""Every message of the wire, one dataclass each; docs/protocol.md tells the story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Tuple, Type, Union

from photostyle_protocol.images import ImageSpec
from photostyle_protocol.outcome import LossCurve, Notice
from photostyle_protocol.request import StylizeRequest
from photostyle_protocol.status import DaemonStatus

NO_REQUEST = -1
"""The id of an `Error` that is not about one request."""


@dataclass(frozen=True)
class Hello:
    """Opens a session. This message keeps its keys in every version of the protocol."""

    id: int
    protocol: int
    client: str


@dataclass(frozen=True)
class Welcome:
    """Answers `Hello`."""

    id: int
    protocol: int
    version: str
    capabilities: Tuple[str, ...]
    worker: str
    device: str


@dataclass(frozen=True)
class HelloRequired:
    """Answers any request of a client that the daemon does not know (any more): say hello, ask again."""

    id: int


@dataclass(frozen=True)
class Ping:
    """Sign of life from a client that waits."""

    id: int


@dataclass(frozen=True)
class Pong:
    """Answers `Ping`."""

    id: int


@dataclass(frozen=True)
class Have:
    """Asks which of these images are in the store, and keeps them from being evicted soon."""

    id: int
    digests: Tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """Answers `Have`: those that are there."""

    id: int
    digests: Tuple[str, ...]


@dataclass(frozen=True)
class Put:
    """One band of an image, with one frame of pixels; bands come in order, offset 0 starts anew."""

    id: int
    digest: str
    spec: ImageSpec
    offset: int


@dataclass(frozen=True)
class Stored:
    """Answers `Put`: how many bytes are there now, and whether the image is whole."""

    id: int
    digest: str
    received: int
    complete: bool


@dataclass(frozen=True)
class Get:
    """Asks for at most `length` bytes of an image from `offset` on."""

    id: int
    digest: str
    offset: int
    length: int


@dataclass(frozen=True)
class Band:
    """Answers `Get`, with one frame of pixels."""

    id: int
    digest: str
    spec: ImageSpec
    offset: int


@dataclass(frozen=True)
class Stylize:
    """Asks for a job."""

    id: int
    request: StylizeRequest


@dataclass(frozen=True)
class Accepted:
    """Answers `Stylize`: the number of the job."""

    id: int
    job: int


@dataclass(frozen=True)
class Cancel:
    """Asks to stop a job; `Cancelled` follows when it has stopped."""

    id: int
    job: int


@dataclass(frozen=True)
class AskStatus:
    """Asks how the daemon does."""

    id: int


@dataclass(frozen=True)
class Status:
    """Answers `AskStatus`."""

    id: int
    status: DaemonStatus


@dataclass(frozen=True)
class Shutdown:
    """Asks the daemon to end."""

    id: int


@dataclass(frozen=True)
class Bye:
    """Closes the session; there is no answer."""

    id: int


@dataclass(frozen=True)
class Ok:
    """Answers a request that has nothing else to say."""

    id: int


@dataclass(frozen=True)
class Error:
    """Answers a request that cannot be met; `id` is `NO_REQUEST` where none could be read, or all are concerned."""

    id: int
    code: str
    message: str
    hint: str


@dataclass(frozen=True)
class Progress:
    """A job goes on; at most 10 a second, at least one a second.

    `glimpse` names a small picture of what there is so far, for a client that watches; only the newest is kept. It is
    empty while there is none.
    """

    job: int
    fraction: float
    stage: str
    glimpse: str


@dataclass(frozen=True)
class Result:
    """A job is done; its picture waits in the store."""

    job: int
    digest: str
    spec: ImageSpec
    seconds: Mapping[str, float]
    losses: Tuple[LossCurve, ...]
    notices: Tuple[Notice, ...]


@dataclass(frozen=True)
class Failed:
    """A job failed."""

    job: int
    code: str
    message: str
    hint: str


@dataclass(frozen=True)
class Cancelled:
    """A job has stopped: ``asked``, ``replaced`` by a newer preview, or ``shutdown``."""

    job: int
    reason: str


@dataclass(frozen=True)
class Goodbye:
    """The daemon ends."""

    reason: str


FROM_CLIENT: Dict[str, Type[Any]] = {
    "hello": Hello,
    "ping": Ping,
    "have": Have,
    "put": Put,
    "get": Get,
    "stylize": Stylize,
    "cancel": Cancel,
    "status": AskStatus,
    "shutdown": Shutdown,
    "bye": Bye,
}

FROM_DAEMON: Dict[str, Type[Any]] = {
    "welcome": Welcome,
    "hello_required": HelloRequired,
    "pong": Pong,
    "held": Held,
    "stored": Stored,
    "band": Band,
    "accepted": Accepted,
    "status": Status,
    "ok": Ok,
    "error": Error,
    "progress": Progress,
    "result": Result,
    "failed": Failed,
    "cancelled": Cancelled,
    "goodbye": Goodbye,
}

CARRIES_PIXELS = (Put, Band)
"""Messages with exactly one more frame; all others have none."""

JobEvent = Union[Progress, Result, Failed, Cancelled]
FINAL_EVENTS = (Result, Failed, Cancelled)


def request_id(header: Mapping[Any, Any]) -> int:
    """The id of a request whose other keys may be wrong; `NO_REQUEST` where there is none."""
    found: Optional[Any] = header.get("id")
    return found if type(found) is int and 0 <= found < 2**63 else NO_REQUEST
