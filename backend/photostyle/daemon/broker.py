"""The broker: one thread, one poll loop, between clients and the worker."""

from __future__ import annotations

import contextlib
import logging
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zmq

from photostyle import __version__
from photostyle.daemon.doors import Door
from photostyle.daemon.fuse import Fuse
from photostyle.daemon.intake import Intake
from photostyle.daemon.jobs import Job
from photostyle.daemon.runner import Runner
from photostyle.daemon.sessions import Peer, Session, Sessions
from photostyle.daemon.status import describe
from photostyle.daemon.worker_process import FROM_WORKERS
from photostyle_protocol import messages as m
from photostyle_protocol.errors import DaemonError, DaemonUnavailableError, PhotostyleError, ProtocolError
from photostyle_protocol.frames import decode_header, encode, read_header
from photostyle_protocol.limits import BAND_BYTES, PROTOCOL
from photostyle_protocol.versions import check_versions

BUSY_POLL_MS = 50
IDLE_POLL_MS = 200
_BLINK_SECONDS = 1.0
GOODBYE_MS = 500

Answer = tuple[Any, bytes | None] | None
"""A message and its pixels, or nothing to say."""

log = logging.getLogger(__name__)


@dataclass
class StopSwitch:
    """Ends the daemon soon after it is turned.

    Attributes:
        reason: Why; empty as long as the daemon is wanted.
        announced: The connection file, while it is there. It goes at once, so that a daemon that is started now knows
            that this one is ending and waits for it.
        bell: Readable once a signal has come. Python runs a signal's handler only when the poll loop wakes.
    """

    reason: str = ""
    announced: Path | None = None
    bell: socket.socket | None = None

    def turn(self, reason: str) -> None:
        """Let the daemon end."""
        self.reason = reason
        if self.announced is not None:
            self.announced.unlink(missing_ok=True)


class Broker:
    """Takes messages in, asks the store and the runner, sends answers.

    Args:
        context: Of all sockets.
        doors: Where clients come in.
        runner: Queue, worker and store.
        switch: Ends the daemon.
    """

    def __init__(
        self,
        context: zmq.Context[Any],
        doors: list[Door],
        runner: Runner,
        switch: StopSwitch,
    ) -> None:
        self.started = time.monotonic()
        self.doors = doors
        self.config = runner.config
        self.store = runner.store
        self.sessions = Sessions()
        self.runner = runner
        runner.tell = self._tell
        self.switch = switch
        self._from_workers = context.socket(zmq.PULL)
        self._from_workers.bind(FROM_WORKERS)
        self._intakes = [(door, Intake(door.socket)) for door in doors]
        self._fuse = Fuse(self.config.memory_bytes)
        self._ticked = self.started
        self._handlers: dict[type[Any], Callable[[Session, Any, memoryview], Any]] = {
            m.Ping: lambda session, ask, pixels: m.Pong(ask.id),
            m.Have: lambda session, ask, pixels: m.Held(ask.id, self.store.touch(ask.digests)),
            m.Put: self._put,
            m.Stylize: self._stylize,
            m.Cancel: self._cancel,
            m.AskStatus: lambda session, ask, pixels: m.Status(ask.id, describe(self)),
            m.Shutdown: self._shutdown,
        }

    def run(self) -> None:
        """Serve until somebody turns the switch."""
        self.runner.start_worker()
        from_workers = Intake(self._from_workers)
        while not self.switch.reason:
            self._sleep()
            for frames in from_workers.messages():
                self._on_worker(frames)
            for door, intake in self._intakes:
                for frames in intake.messages():
                    self._on_client(door, frames)
            self._tick()

    def _sleep(self) -> None:
        """Wait until something comes, or is due."""
        poller = zmq.Poller()
        for inlet in [self._from_workers, *(door.socket for door in self.doors)]:
            poller.register(inlet, zmq.POLLIN)
        if self.switch.bell is not None:
            poller.register(self.switch.bell, zmq.POLLIN)
        poller.poll(BUSY_POLL_MS if self.runner.all_jobs() else IDLE_POLL_MS)

    def _tick(self) -> None:
        self.runner.tick()
        self._allow_for_absence()
        if any(door.refresh_keys() for door in self.doors):
            self._forget_all(self.sessions.revoked())
        if self._fuse.blows():
            self._cut_off()
        self._forget_all(self.sessions.silent(self.config.silence_s))

    def _allow_for_absence(self) -> None:
        """A daemon that was stopped for a while itself, or starved, does not take its clients for gone."""
        now = time.monotonic()
        if now - self._ticked > _BLINK_SECONDS:
            self.sessions.excuse(now - self._ticked)
        self._ticked = now

    def _cut_off(self) -> None:
        """End all conversations, so that what fills the memory goes; clients come back by themselves."""
        log.error("the memory is full of what clients send or do not fetch: all connections are cut")
        self._forget_all(self.sessions)
        for door in self.doors:
            door.reopen()
        self._intakes = [(door, Intake(door.socket)) for door in self.doors]

    def _on_worker(self, frames: list[zmq.Frame]) -> None:
        self.runner.on_worker(int(frames[0].bytes), frames[1].bytes)

    def _on_client(self, door: Door, frames: list[zmq.Frame]) -> None:
        """Answer one message, whatever it is; nothing that a client sends may end the loop."""
        name, *rest = frames
        peer = Peer(door, name.bytes, door.key_of(name))
        number = m.NO_REQUEST
        try:
            header = read_header([frame.buffer for frame in rest])
            number = m.request_id(header)
            answer = self._answer(peer, header, [frame.buffer for frame in rest])
        except PhotostyleError as error:
            answer = m.Error(number, error.code, error.message, error.hint), None
        except Exception:
            log.exception("a message could not be handled")
            sentence = "The daemon could not handle the message."
            answer = m.Error(number, PhotostyleError.code, sentence, "See its log."), None
        if answer is not None:
            self._send(peer, *answer)

    def _answer(self, peer: Peer, header: dict[str, Any], frames: list[Any]) -> Answer:
        _check_key(peer)
        if header.get("type") == "hello":
            _check_version(header)
        message, pixels = decode_header(m.FROM_CLIENT, header, frames)
        if isinstance(message, m.Hello):
            return self._hello(self.sessions.open(peer), message), None
        session = self.sessions.find(peer)
        if isinstance(message, m.Bye):
            self._bye(session)
            return None
        if session is None:
            return m.HelloRequired(message.id), None
        if isinstance(message, m.Get):
            return self._get(message)
        return self._handlers[type(message)](session, message, pixels), None

    def _hello(self, session: Session, ask: m.Hello) -> m.Welcome:
        device = self.runner.device or self.config.device
        return m.Welcome(ask.id, PROTOCOL, __version__, ("stylize", "preview"), self.runner.state, device)

    def _put(self, session: Session, ask: m.Put, pixels: memoryview) -> m.Stored:
        received, complete = self.store.write(session, ask.digest, ask.spec, ask.offset, pixels)
        return m.Stored(ask.id, ask.digest, received, complete)

    def _get(self, ask: m.Get) -> tuple[m.Band, bytes]:
        pixels = self.store.read(ask.digest, ask.offset, min(ask.length, BAND_BYTES))
        return m.Band(ask.id, ask.digest, self.store.spec(ask.digest), ask.offset), pixels

    def _stylize(self, session: Session, ask: m.Stylize, pixels: memoryview) -> m.Accepted:
        return m.Accepted(ask.id, self.runner.submit(session, ask.request, session.peer.door.is_local).number)

    def _cancel(self, session: Session, ask: m.Cancel, pixels: memoryview) -> m.Ok:
        job = self.runner.find(session, ask.job)
        if job is not None:
            self.runner.cancel(job, "asked")
        return m.Ok(ask.id)

    def _shutdown(self, session: Session, ask: m.Shutdown, pixels: memoryview) -> m.Ok:
        if not session.peer.door.is_local:
            raise DaemonError("A program of another machine cannot stop the daemon.", "Stop it there: photostyle stop")
        self.switch.turn("a client asked for it")
        return m.Ok(ask.id)

    def _tell(self, job: Job, event: Any) -> None:
        """News of a job for its owner."""
        session = job.owner
        if isinstance(session, Session) and self.sessions.is_open(session):
            self._send(session.peer, event)

    def _send(self, peer: Peer, message: Any, pixels: bytes | None = None) -> None:
        frames = [peer.identity, encode(message)] if pixels is None else [peer.identity, encode(message), pixels]
        try:
            peer.door.send(frames, copy=pixels is None)
        except zmq.ZMQError as error:
            # EHOSTUNREACH: it has gone. EAGAIN: it does not read, and its socket is full.
            log.info("a client cannot be reached: %s", error)
            session = self.sessions.find(peer)
            if session is not None:
                self._forget(session)

    def _bye(self, session: Session | None) -> None:
        if session is not None:
            self._forget(session)

    def _forget_all(self, sessions: Iterable[Session]) -> None:
        for session in sessions:
            self._forget(session)

    def _forget(self, session: Session) -> None:
        """Stop what a vanished client has left behind."""
        self.sessions.close(session)
        self.store.forget_owner(session)
        self.runner.cancel_all(session, "gone")

    def close(self) -> None:
        """Cancel all jobs, say goodbye, end the worker."""
        log.info("stopping: %s", self.switch.reason)
        with contextlib.ExitStack() as stack:
            # Whatever goes wrong: a socket that stays open keeps the context from ending, and so the process.
            stack.callback(self._from_workers.close)
            for door in self.doors:
                # What was just sent may still be on its way.
                stack.callback(door.socket.close, linger=GOODBYE_MS)
            self.runner.close()
            for session in self.sessions:
                self._send(session.peer, m.Goodbye(self.switch.reason))


def _check_key(peer: Peer) -> None:
    """Refuse a client that came in before its key was revoked."""
    if not peer.door.admits(peer.key):
        raise DaemonUnavailableError("The daemon does not let this client in any more.", "Its key was revoked.")


def _check_version(header: dict[str, Any]) -> None:
    """Refuse another version before looking at keys that it may have changed."""
    theirs = header.get("protocol")
    if type(theirs) is not int:
        raise ProtocolError("A hello needs the version of the protocol, a whole number.")
    check_versions(theirs, PROTOCOL, __version__)
