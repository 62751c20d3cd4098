"""Between the pipes of a program that has no ZeroMQ and the daemon's socket."""

from __future__ import annotations

import threading
from typing import IO

import zmq

from photostyle_protocol import messages as m
from photostyle_protocol.channel import SEND_SECONDS, Channel
from photostyle_protocol.connection import Connection
from photostyle_protocol.errors import DaemonUnavailableError, PhotostyleError, ProtocolError
from photostyle_protocol.frames import encode
from photostyle_protocol.stream import read_frames, write_frames
from photostyle_protocol.zmq_transport import ZmqTransport

WAIT_SECONDS = 1.0
LOST_POLL_MS = 200
_INLET = "inproc://from-program"
_END = b""


class Bridge:
    """Passes messages on, whatever they are, until the program has gone.

    Neither side is read faster than the other takes, so that a few messages are all that is ever held.

    Args:
        stdin: From the program, unbuffered.
        stdout: To the program, unbuffered.
    """

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self._stdin = stdin
        self._stdout = stdout
        self._fault: ProtocolError | None = None
        self._inlet, self._from_program = _pair_of_ends()
        # A thread of its own reads the pipe, because a pipe cannot be polled on every system.
        threading.Thread(target=self._listen, name="listen", daemon=True).start()

    def run(self, connection: Connection) -> None:
        """Pass messages on until the program closes its pipe.

        Raises:
            DaemonUnavailableError: The address is none, or the daemon takes no message.
            ProtocolError: The program broke the rules of the wire.
            OSError: The program does not read any more.
        """
        daemon = ZmqTransport(connection)
        daemon.wake_on(self._inlet)
        try:
            self._pass_on(daemon)
        finally:
            # A program that was killed could not say it itself, and its jobs must end.
            Channel(daemon).close(m.Bye(0))
        if self._fault is not None:
            raise self._fault

    def tell(self, error: PhotostyleError) -> None:
        """Let the program's client raise this.

        Raises:
            OSError: The program does not read any more.
        """
        write_frames(self._stdout, [encode(m.Error(m.NO_REQUEST, error.code, error.message, error.hint))])

    def _pass_on(self, daemon: ZmqTransport) -> None:
        lost: DaemonUnavailableError | None = None
        while True:
            before, lost = lost, self._to_program(daemon)
            if lost is not None and before is None:
                self.tell(lost)
            if not self._inlet.poll(LOST_POLL_MS if lost else 0):
                continue
            frames = [frame.buffer for frame in self._inlet.recv_multipart(copy=False)]
            if frames[0] == _END:
                return
            if lost is None:
                daemon.send(frames, SEND_SECONDS)
            else:
                self.tell(lost)

    def _to_program(self, daemon: ZmqTransport) -> DaemonUnavailableError | None:
        """Pass the daemon's next message on, if one comes before the program's; say so if the daemon has gone."""
        try:
            frames = daemon.receive(WAIT_SECONDS)
        except DaemonUnavailableError as error:
            return error
        if frames is not None:
            write_frames(self._stdout, frames)
        return None

    def _listen(self) -> None:
        """Thread: what the program says."""
        try:
            while (frames := read_frames(self._stdin)) is not None:
                self._from_program.send_multipart(frames, copy=False)
        except ProtocolError as error:
            self._fault = error
        self._from_program.send(_END)
        self._from_program.close()


def _pair_of_ends() -> tuple[zmq.Socket[bytes], zmq.Socket[bytes]]:
    """The main thread's and the listening thread's end of a short queue."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    ends = context.socket(zmq.PAIR), context.socket(zmq.PAIR)
    for end in ends:
        end.set_hwm(1)
    ends[0].bind(_INLET)
    ends[1].connect(_INLET)
    return ends
