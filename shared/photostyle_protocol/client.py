"""The client: puts pictures into the daemon, asks for jobs, fetches results."""

from __future__ import annotations

import itertools
import time
from collections import deque
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import (
    Any,
    Callable,
    Deque,
    Dict,
    Iterable,
    Iterator,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Set,
    Tuple,
    Type,
)

from photostyle_protocol import __version__
from photostyle_protocol import messages as m
from photostyle_protocol.channel import Channel
from photostyle_protocol.connection import Connection, find_connection
from photostyle_protocol.errors import (
    DaemonUnavailableError,
    JobCancelledError,
    ProtocolError,
    UnknownImageError,
    error_from_code,
)
from photostyle_protocol.frames import Received
from photostyle_protocol.images import ImageSpec, bands, digest, flat
from photostyle_protocol.limits import BAND_BYTES, PING_SECONDS, PROTOCOL, SILENCE_SECONDS
from photostyle_protocol.outcome import LossCurve, Notice
from photostyle_protocol.pipe_transport import PipeTransport
from photostyle_protocol.request import StylizeRequest
from photostyle_protocol.transport import Transport
from photostyle_protocol.versions import check_versions
from photostyle_protocol.wire import to_wire

BAND_SECONDS = 60.0
CANCEL_SECONDS = 1.0
_POLL_SECONDS = 0.1
_AHEAD = 1
"""Requests of a series that are sent before the answer to an earlier one is here: as many as the daemon takes in."""
_CANCELLED = {
    "asked": "The job was cancelled.",
    "replaced": "A newer preview replaced this one.",
    "shutdown": "The job was cancelled because the daemon was stopped.",
}


class _Ask(NamedTuple):
    """A request: what makes the message, given its number, and its pixels."""

    make: Callable[[int], Any]
    pixels: Any = None


@dataclass(frozen=True)
class ServerInfo:
    """What a daemon says about itself.

    Attributes:
        version: Version of the daemon.
        protocol: Version of the protocol.
        capabilities: What it can do beyond the protocol's first version.
        worker: State of its worker: ``loading``, ``idle``, ``busy``, ``unloaded`` or ``failed``.
        device: Where it computes; the asked-for name until the worker is loaded.
    """

    version: str
    protocol: int
    capabilities: Tuple[str, ...]
    worker: str
    device: str


@dataclass(frozen=True)
class JobResult:
    """A finished job.

    Attributes:
        digest: Name of the picture in the store; `Client.get` fetches it.
        spec: Its shape.
        seconds: How long each stage took.
        losses: How the losses of a method that works in steps went.
        notices: What a person should know about the result.
    """

    digest: str
    spec: ImageSpec
    seconds: Mapping[str, float]
    losses: Tuple[LossCurve, ...] = ()
    notices: Tuple[Notice, ...] = ()


class Client:
    """A conversation with one daemon, for one thread. Make it with `connect`, use it as a context manager.

    A client may rest between calls for as long as it likes: the daemon forgets it, and the next call says
    hello again. Only while jobs run must it wait in `stylize`, `events` or `next_event`, which send the
    signs of life.
    """

    def __init__(self, transport: Transport, timeout: float) -> None:
        self._channel = Channel(transport)
        self._timeout = timeout
        self._ids = itertools.count(1)
        self._events: Deque[m.JobEvent] = deque()
        self._open_jobs: Set[int] = set()
        # Requests that are not answered yet; one of a series may be while somebody asks for something else.
        self._early: Dict[int, Optional[Received]] = {}
        self._pinged = 0.0
        self._ping_id = 0
        self._unanswered: Optional[float] = None

    @classmethod
    def connect(cls, endpoint: Optional[str] = None, timeout: float = 5.0) -> Client:
        """Reach a daemon and say hello.

        Args:
            endpoint: ``None`` for this person's own daemon, an ``ipc://`` address, or the path of a
                connection file (as `photostyle_protocol.keys.make_client` writes it for a daemon on
                another machine).
            timeout: Seconds that one answer may take.

        Raises:
            DaemonUnavailableError: No daemon answers, or pyzmq cannot be imported.
            VersionMismatchError: It speaks another version of the protocol.
        """
        return cls._greeted(_over_zmq(find_connection(endpoint)), timeout)

    @classmethod
    def over_bridge(cls, command: Sequence[str], timeout: float = 25.0) -> Client:
        """Reach this person's daemon through a process of the backend's own, and say hello.

        For a Python that cannot import pyzmq. From there on nothing is different.

        Args:
            command: What starts the bridge: ``photostyle bridge``, by whatever name it is found. It starts the
                daemon, if none answers.
            timeout: Seconds that one answer may take: long enough for the first, for which a daemon may have to start.
                What has gone is noticed sooner.

        Raises:
            DaemonUnavailableError: The bridge cannot be started, or the daemon does not answer it.
            VersionMismatchError: The daemon speaks another version of the protocol.
        """
        return cls._greeted(PipeTransport(command), timeout)

    @classmethod
    def _greeted(cls, transport: Transport, timeout: float) -> Client:
        client = cls(transport, timeout)
        try:
            client.hello()
        except BaseException:
            client.close()
            raise
        return client

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the conversation; the daemon cancels what this client left running."""
        self._channel.close(m.Bye(next(self._ids)))

    def hello(self) -> ServerInfo:
        """Open the session anew and learn who answers.

        Raises:
            VersionMismatchError: The daemon speaks another version of the protocol.
        """
        ask = partial(m.Hello, protocol=PROTOCOL, client=__version__)
        welcome = self._expect(m.Welcome, ask).message
        check_versions(PROTOCOL, welcome.protocol, welcome.version)
        return ServerInfo(welcome.version, welcome.protocol, welcome.capabilities, welcome.worker, welcome.device)

    def have(self, digests: Sequence[str]) -> Set[str]:
        """Those of these images that the daemon holds."""
        return set(self._expect(m.Held, lambda number: m.Have(number, tuple(digests))).message.digests)

    def put(self, spec: ImageSpec, buffer: Any, on_progress: Optional[Callable[[float], None]] = None) -> str:
        """Give the daemon a picture, unless it has it already.

        Args:
            spec: Its shape.
            buffer: Its pixels, `spec.nbytes` contiguous bytes.
            on_progress: Called with the fraction that is there.

        Returns:
            The digest, its name in requests.

        Raises:
            BadImageError: The buffer does not fit the shape.
            BusyError: The daemon's store is full of pictures in use.
            ResourceError: The daemon's store is too small for the picture, or its disk is full.
        """
        view = flat(spec, buffer)
        name = digest(spec, view)
        if name not in self.have([name]):
            asks = (_put_of(name, spec, offset, view[offset : offset + length]) for offset, length in bands(spec))
            for (offset, length), reply in zip(bands(spec), self._answers(m.Stored, asks, BAND_SECONDS), strict=True):
                if on_progress:
                    on_progress((offset + length) / spec.nbytes)
                if reply.message.complete:
                    break
        return name

    def send_band(self, name: str, spec: ImageSpec, offset: int, pixels: Any) -> bool:
        """Send one piece of a picture; the pieces come in order, as `bands` cuts them.

        Args:
            name: The picture's digest.
            spec: Its shape.
            offset: Bytes sent before this piece; 0 begins anew.
            pixels: At most `BAND_BYTES` contiguous bytes.

        Returns:
            Whether the picture is whole and needs no more.

        Raises:
            ProtocolError: The piece is out of order, or the last one does not make the picture that `name` says.
            BusyError: The daemon's store is full of pictures in use.
            ResourceError: The daemon's store is too small for the picture, or its disk is full.
        """
        (reply,) = self._answers(m.Stored, [_put_of(name, spec, offset, pixels)], BAND_SECONDS)
        return bool(reply.message.complete)

    def get(self, name: str) -> Tuple[ImageSpec, bytearray]:
        """Fetch a picture, band by band.

        Raises:
            UnknownImageError: The daemon does not hold it (any more).
        """
        (first,) = self._bands(name, [0])
        spec: ImageSpec = first.message.spec
        pixels = bytearray(spec.nbytes)
        self._fill(memoryview(pixels), name, first.pixels)
        return spec, pixels

    def get_into(self, name: str, buffer: Any) -> ImageSpec:
        """Fetch a picture into memory that is there already.

        Args:
            name: Its digest.
            buffer: As many contiguous, writable bytes as the picture has.

        Raises:
            UnknownImageError: The daemon does not hold it (any more).
            BadImageError: The buffer does not fit its shape; nothing was written.
        """
        (first,) = self._bands(name, [0])
        spec: ImageSpec = first.message.spec
        self._fill(flat(spec, buffer), name, first.pixels)
        return spec

    def _fill(self, pixels: memoryview, name: str, first: memoryview) -> None:
        pixels[: len(first)] = first
        for band in self._bands(name, range(len(first), len(pixels), BAND_BYTES)):
            offset = band.message.offset
            pixels[offset : offset + len(band.pixels)] = band.pixels

    def fetch_band(self, name: str, offset: int, length: int = BAND_BYTES) -> memoryview:
        """Fetch one piece of a picture.

        Args:
            name: The picture's digest.
            offset: Its first byte.
            length: At most so many bytes, cut to `BAND_BYTES` and to the end of the picture.

        Raises:
            UnknownImageError: The daemon does not hold it (any more).
            ProtocolError: The piece is not within the picture.
        """
        (band,) = self._bands(name, [offset], length)
        return band.pixels

    def _bands(self, name: str, offsets: Sequence[int], length: int = BAND_BYTES) -> Iterator[Received]:
        asks = (_Ask(partial(m.Get, digest=name, offset=offset, length=length)) for offset in offsets)
        for offset, received in zip(offsets, self._answers(m.Band, asks, BAND_SECONDS), strict=True):
            sent, wanted = len(received.pixels), min(length, BAND_BYTES, received.message.spec.nbytes - offset)
            if sent != wanted or received.message.offset != offset:
                raise ProtocolError(f"The daemon sent {sent} bytes of a picture where {wanted} were asked.")
            yield received

    def stylize(
        self,
        request: StylizeRequest,
        on_progress: Optional[Callable[[float, str], None]] = None,
        should_cancel: Optional[Callable[[], bool]] = None,
        on_glimpse: Optional[Callable[[ImageSpec, bytearray], None]] = None,
    ) -> JobResult:
        """Run one job to its end.

        Args:
            request: What to do; its pictures must be in the daemon.
            on_progress: Called with the fraction done and the stage, at least once a second.
            should_cancel: Asked about ten times a second; ``True`` cancels the job.
            on_glimpse: Called with small 8-bit RGB pictures of what there is so far, at most about twice a second,
                where the method works in steps.

        Raises:
            JobCancelledError: It was cancelled, or replaced by a newer preview.
            UnknownImageError: The daemon does not hold a picture that the request names.
            BusyError: Too many jobs wait.
            JobFailedError: It failed.
            KeyboardInterrupt: Ctrl-C; like any error in a callback it cancels the job in the daemon first.
        """
        job = self.submit(replace(request, watch=request.watch or on_glimpse is not None))
        try:
            return self._follow(job, on_progress, should_cancel, on_glimpse)
        except BaseException:
            if job in self._open_jobs:
                self._cancel_and_wait(job)
            raise

    def submit(self, request: StylizeRequest) -> int:
        """Hand in a job and return its number; `next_event` tells how it goes."""
        job: int = self._expect(m.Accepted, lambda number: m.Stylize(number, request)).message.job
        self._open_jobs.add(job)
        return job

    def cancel(self, job: int) -> None:
        """Ask to stop a job. `Cancelled` follows within a second, unless the job had ended before."""
        self._expect(m.Ok, lambda number: m.Cancel(number, job))

    def next_event(self, timeout: float, job: Optional[int] = None) -> Optional[m.JobEvent]:
        """The next thing that happens to a job, or ``None`` after `timeout` seconds.

        Args:
            timeout: Seconds.
            job: Only this job; events of others wait for their turn.

        Raises:
            DaemonUnavailableError: The daemon does not answer any more.
        """
        deadline = time.monotonic() + timeout
        while True:
            for event in self._events:
                if job is None or event.job == job:
                    self._events.remove(event)
                    return event
            left = deadline - time.monotonic()
            if left < 0:
                return None
            self._pump(left)

    def events(self, timeout: float = 0.0) -> Iterator[m.JobEvent]:
        """What has happened to jobs, until nothing does for `timeout` seconds."""
        event = self.next_event(timeout)
        while event is not None:
            yield event
            event = self.next_event(timeout)

    def status(self) -> Dict[str, Any]:
        """How the daemon does, as maps with the keys of `DaemonStatus`."""
        return dict(to_wire(self._expect(m.Status, m.AskStatus).message.status))

    def shutdown(self) -> None:
        """Ask the daemon to end; running jobs are cancelled."""
        self._expect(m.Ok, m.Shutdown)

    def _follow(
        self,
        job: int,
        on_progress: Optional[Callable[[float, str], None]],
        should_cancel: Optional[Callable[[], bool]],
        on_glimpse: Optional[Callable[[ImageSpec, bytearray], None]],
    ) -> JobResult:
        asked, seen = False, ""
        while True:
            if not asked and should_cancel is not None and should_cancel():
                asked = True
                self.cancel(job)
            event = self.next_event(_POLL_SECONDS, job)
            if isinstance(event, m.FINAL_EVENTS):
                return _outcome(event)
            if isinstance(event, m.Progress) and on_progress is not None:
                on_progress(event.fraction, event.stage)
            if isinstance(event, m.Progress) and on_glimpse is not None and event.glimpse not in ("", seen):
                seen = event.glimpse
                self._look(seen, on_glimpse)

    def _look(self, name: str, on_glimpse: Callable[[ImageSpec, bytearray], None]) -> None:
        try:
            spec, pixels = self.get(name)
        except UnknownImageError:
            return  # a newer one has taken its place
        on_glimpse(spec, pixels)

    def _cancel_and_wait(self, job: int) -> None:
        deadline = time.monotonic() + CANCEL_SECONDS
        try:
            self.cancel(job)
            while job in self._open_jobs and time.monotonic() < deadline:
                self.next_event(_POLL_SECONDS, job)
        except DaemonUnavailableError:
            pass  # a daemon that is gone runs no job; the error on its way to the caller says more

    def _expect(self, kind: Type[Any], make: Callable[[int], Any]) -> Received:
        """Send a request and wait for its answer."""
        (answer,) = self._answers(kind, [_Ask(make)], self._timeout)
        return answer

    def _answers(self, kind: Type[Any], asks: Iterable[_Ask], seconds: float) -> Iterator[Received]:
        """The answers to some requests, in order; the next one is on its way while the daemon works on the one before.

        Args:
            kind: Of the answers.
            asks: The requests.
            seconds: How long each answer may take.
        """
        asked: Deque[Tuple[int, _Ask]] = deque()
        try:
            for ask in asks:
                asked.append(self._sent(ask))
                if len(asked) > _AHEAD:
                    yield self._first(kind, asked, seconds)
            while asked:
                yield self._first(kind, asked, seconds)
        finally:
            for number, _ in asked:
                self._early.pop(number, None)

    def _first(self, kind: Type[Any], asked: Deque[Tuple[int, _Ask]], seconds: float) -> Received:
        """The answer to the first of these requests; all are sent again where the daemon has forgotten us."""
        received = self._answer_to(asked[0][0], seconds)
        if isinstance(received.message, m.HelloRequired):
            self._renew()
            for _ in range(len(asked)):
                number, ask = asked.popleft()
                self._early.pop(number, None)
                asked.append(self._sent(ask))
            received = self._answer_to(asked[0][0], seconds)
        asked.popleft()
        if isinstance(received.message, m.Error):
            raise error_from_code(received.message.code, received.message.message, received.message.hint)
        if not isinstance(received.message, kind):
            raise ProtocolError(f"The daemon answered with {type(received.message).__name__}, not {kind.__name__}.")
        return received

    def _sent(self, ask: _Ask) -> Tuple[int, _Ask]:
        number = next(self._ids)
        self._channel.send(ask.make(number), ask.pixels)
        self._early[number] = None
        return number, ask

    def _answer_to(self, number: int, seconds: float) -> Received:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            received = self._early[number] or self._pump(deadline - time.monotonic())
            answered = None if received is None else getattr(received.message, "id", None)
            if received is not None and answered == number:
                del self._early[number]
                return received
            if answered in self._early:
                self._early[answered] = received
        raise DaemonUnavailableError(
            f"{self._channel.where} does not answer within {seconds:g} s.",
            "See: photostyle doctor. A daemon on another machine must know this client's key.",
        )

    def _pump(self, timeout: float) -> Optional[Received]:
        """Take one message in; keep events, hand back answers, and show that this client lives."""
        self._ping_if_due()
        received = self._channel.receive(min(timeout, PING_SECONDS))
        if received is None:
            return None
        self._unanswered = None
        message = received.message
        if isinstance(message, m.Goodbye):
            raise DaemonUnavailableError(f"The daemon has stopped ({message.reason}).")
        if isinstance(message, m.Error) and message.id == m.NO_REQUEST:
            raise error_from_code(message.code, message.message, message.hint)
        if isinstance(message, (m.Progress, *m.FINAL_EVENTS)):
            self._keep_event(message)
            return None
        if isinstance(message, m.HelloRequired) and message.id == self._ping_id:
            self._renew()
            return None
        return received

    def _keep_event(self, event: m.JobEvent) -> None:
        """Queue an event; of a job's progress only the newest counts."""
        if isinstance(event, m.FINAL_EVENTS):
            self._open_jobs.discard(event.job)
        stale = [old for old in self._events if isinstance(old, m.Progress) and old.job == event.job]
        for old in stale:
            self._events.remove(old)
        self._events.append(event)

    def _ping_if_due(self) -> None:
        now = time.monotonic()
        if self._unanswered is not None and now - self._unanswered > SILENCE_SECONDS:
            raise DaemonUnavailableError(f"The daemon has been silent for {SILENCE_SECONDS:g} s.")
        if self._open_jobs and now - self._pinged > PING_SECONDS:
            self._pinged = now
            self._unanswered = self._unanswered or now
            self._ping_id = next(self._ids)
            self._channel.send(m.Ping(self._ping_id))

    def _renew(self) -> None:
        """Say hello again; jobs of the lost session are lost."""
        for job in sorted(self._open_jobs):
            self._keep_event(
                m.Failed(job, DaemonUnavailableError.code, "The daemon was restarted or lost touch.", "Try again.")
            )
        self.hello()


def _put_of(name: str, spec: ImageSpec, offset: int, pixels: Any) -> _Ask:
    return _Ask(lambda number: m.Put(number, name, spec, offset), pixels)


def _over_zmq(connection: Connection) -> Transport:
    try:
        from photostyle_protocol.zmq_transport import ZmqTransport
    except ImportError as error:
        raise DaemonUnavailableError(
            f"This Python cannot reach a daemon by itself: {error}.", "Use Client.over_bridge."
        ) from error
    return ZmqTransport(connection)


def _outcome(event: Any) -> JobResult:
    if isinstance(event, m.Result):
        return JobResult(event.digest, event.spec, event.seconds, event.losses, event.notices)
    if isinstance(event, m.Cancelled):
        raise JobCancelledError(_CANCELLED.get(event.reason, _CANCELLED["asked"]))
    raise error_from_code(event.code, event.message, event.hint)
