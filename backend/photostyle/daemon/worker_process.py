"""One worker process: started, spoken to over its pipes, ended."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import zmq

from photostyle.daemon.pipe import MESSAGE_BYTES, pack
from photostyle_protocol.connection import open_private

FROM_WORKERS = "inproc://from-workers"
LOG_BYTES = 1 << 20
_WRITE_SECONDS = 1.0
_LENGTH_BYTES = 4


class WorkerProcess:
    """A running worker.

    What it says is read by a thread and handed to the broker's poll loop through `FROM_WORKERS`, as two
    frames: the worker's number and the message, or an empty frame once the pipe is closed. The worker notices a
    dead broker by the end of its standard input, however the broker died.
    """

    def __init__(self, context: zmq.Context[Any], number: int, command: Sequence[str], log: Path) -> None:
        self.number = number
        self.started = time.monotonic()
        self._log = log
        _trim(log)
        with open_private(log, os.O_WRONLY | os.O_APPEND, "ab") as sink:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=sink,
                bufsize=0,
                start_new_session=True,
            )
        if sys.platform != "win32":
            os.set_blocking(self._stdin.fileno(), False)
        self._pump = threading.Thread(target=self._forward, args=(context,), name=f"worker-{number}", daemon=True)
        self._pump.start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def send(self, message: Any) -> bool:
        """Tell the worker something; ``False`` if it is dead or takes nothing in."""
        data = memoryview(pack(message))
        deadline = time.monotonic() + _WRITE_SECONDS
        while data and time.monotonic() < deadline:
            try:
                data = data[self._stdin.write(data) or 0 :]
            except OSError:
                return False
            if data and sys.platform != "win32":
                select.select([], [self._stdin], [], _WRITE_SECONDS)
        return not data

    def kill(self) -> None:
        """End the worker and everything it has started, now."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):  # stuck in a device driver: leave it to the system
            self._process.wait(2.0)
        self._stdin.close()
        self._pump.join(1.0)

    def trim_log(self) -> None:
        """Empty a log that has grown large; the worker goes on writing to it, at its new end."""
        with contextlib.suppress(OSError):
            if self._log.stat().st_size > LOG_BYTES:
                os.truncate(self._log, 0)

    def exit_text(self) -> str:
        """How the process ended, with the last line of its log."""
        code = self._process.poll()
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        lines = _tail(self._log)
        return f"{how}; the last line of its log: {lines[-1][:300]}" if lines else how

    @property
    def _stdin(self) -> Any:
        return self._process.stdin

    def _forward(self, context: zmq.Context[Any]) -> None:
        """Thread: messages of the worker into the broker's loop."""
        number = str(self.number).encode("ascii")
        stdout: Any = self._process.stdout
        with contextlib.suppress(zmq.ContextTerminated), context.socket(zmq.PUSH) as socket, stdout:
            socket.setsockopt(zmq.LINGER, 0)
            socket.connect(FROM_WORKERS)
            while True:
                socket.send_multipart([number, body := _read_body(stdout)])
                if not body:
                    return


def _read_body(stdout: Any) -> bytes:
    """The next message, or nothing at the end of the pipe or where it holds no message."""
    head = _read_exactly(stdout, _LENGTH_BYTES)
    length = int.from_bytes(head, "little")
    return _read_exactly(stdout, length) if 0 < length <= MESSAGE_BYTES else b""


def _read_exactly(stdout: Any, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        piece = stdout.read(length - len(parts))
        if not piece:
            return b""
        parts += piece
    return bytes(parts)


def _trim(log: Path) -> None:
    """Move a log that has grown large out of the way."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))


def _tail(log: Path) -> list[str]:
    with contextlib.suppress(OSError), log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        return [line for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return []
