"""The way round for a Python that cannot import pyzmq: a process of the backend's own, and pipes to it."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import tempfile
import threading
import time
from typing import IO, Any, Dict, List, Optional, Sequence, Union

from photostyle_protocol.errors import DaemonUnavailableError, ProtocolError
from photostyle_protocol.stream import read_frames, write_frames

CLOSE_SECONDS = 1.0
OBITUARY_SECONDS = 1.0
INBOX = 2
"""Messages that wait to be read; more wait in the pipe, and hold the daemon back."""

LAST_WORDS = 2000
"""How much of what a bridge complained about is read."""

Event = Union[List[bytearray], ProtocolError, None]
"""A message, a broken rule, or the end."""


class _Parcel:
    """A message on its way into the pipe."""

    def __init__(self, frames: Sequence[Any]) -> None:
        self.frames = frames
        self.gone = threading.Event()


class PipeTransport:
    """A bridge process, and one thread for each of its pipes, so that no call waits for longer than it may.

    Args:
        command: Starts the bridge.

    Raises:
        DaemonUnavailableError: It cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.where = "The daemon behind the bridge"
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the bridge
        try:
            self._process = _start(command, self._complaints)
        except DaemonUnavailableError:
            self._complaints.close()
            raise
        self._inbox: "queue.Queue[Event]" = queue.Queue(INBOX)
        self._outbox: "queue.Queue[Optional[_Parcel]]" = queue.Queue()
        self._has_ended = False
        self._threads = [
            threading.Thread(target=run, name=f"bridge {run.__name__}", daemon=True)
            for run in (self._listen, self._speak)
        ]
        for thread in self._threads:
            thread.start()

    def send(self, frames: Sequence[Any], timeout: float) -> None:
        """See `Transport`. To a bridge that has ended it sends nothing: `receive` knows why it did."""
        parcel = _Parcel(frames)
        self._outbox.put(parcel)
        if not parcel.gone.wait(timeout):
            raise DaemonUnavailableError(f"{self.where} takes no more messages.", "See: photostyle doctor.")

    def receive(self, timeout: float) -> Optional[List[Any]]:
        """See `Transport`."""
        if self._has_ended:
            raise self._obituary()
        try:
            event = self._inbox.get(timeout=max(0.0, timeout))
        except queue.Empty:
            return None
        self._has_ended = not isinstance(event, list)
        if isinstance(event, ProtocolError):
            raise event
        return event if event is not None else self.receive(0.0)

    def close(self) -> None:
        """See `Transport`. A bridge that has not ended after a second is killed."""
        self._outbox.put(None)
        if not self._pipes_end(CLOSE_SECONDS):
            self._process.kill()
            self._pipes_end(CLOSE_SECONDS)
        try:
            self._process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._complaints.close()

    def _pipes_end(self, seconds: float) -> bool:
        """Whether both threads are done within so many seconds; what still comes is thrown away."""
        deadline = time.monotonic() + seconds
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < deadline:
            with contextlib.suppress(queue.Empty):
                self._inbox.get(timeout=0.01)
        return not any(thread.is_alive() for thread in self._threads)

    def _listen(self) -> None:
        """Thread: what the bridge says."""
        event: Event = None
        with _open(self._process.stdout) as pipe:
            try:
                while (frames := read_frames(pipe)) is not None:
                    self._inbox.put(frames)
            except ProtocolError as error:
                event = error
        self._inbox.put(event)

    def _speak(self) -> None:
        """Thread: what is said to the bridge; the end of the pipe tells it to go."""
        with _open(self._process.stdin) as pipe:
            while (parcel := self._outbox.get()) is not None:
                with contextlib.suppress(OSError):
                    write_frames(pipe, parcel.frames)
                parcel.gone.set()

    def _obituary(self) -> DaemonUnavailableError:
        code: Union[int, str] = "none yet"
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(OBITUARY_SECONDS)
        return DaemonUnavailableError(f"The bridge to the daemon has ended (exit code {code}).", self._last_words())

    def _last_words(self) -> str:
        end = self._complaints.seek(0, 2)
        self._complaints.seek(max(0, end - LAST_WORDS))
        words = self._complaints.read().decode("utf-8", "replace").strip()
        return f"It said:\n{words}" if words else "See: photostyle doctor."


def _open(pipe: Optional[IO[bytes]]) -> IO[bytes]:
    assert pipe is not None, "it was asked for"  # noqa: S101 - tells the type checker
    return pipe


def _start(command: Sequence[str], complaints: IO[bytes]) -> "subprocess.Popen[bytes]":
    """Start the bridge out of reach of a Ctrl-C that is meant for this process: it lives as long as its pipe."""
    apart: Dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NO_WINDOW}
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(command, bufsize=0, stdin=pipe, stdout=pipe, stderr=complaints, **apart)
    except OSError as error:
        raise DaemonUnavailableError(
            f"The backend {command[0]} cannot be started: {error.strerror}.",
            "Is it installed? See: photostyle doctor.",
        ) from error
