"""A web server that has one file, and the faults that such servers have."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class FileServer(ThreadingHTTPServer):
    """Serves `content` under every path.

    Attributes:
        content: The file.
        cut: An answer ends after so many bytes, though it promised more.
        refusal: An HTTP status instead of the file, 0 for none.
        knows_ranges: Without, the whole file is the answer to every request.
        shift: Bytes by which an answer to a range begins too late.
        mute: Say nothing, until `end`.
        asked: Path and range of each request so far.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = b""
        self.cut: int | None = None
        self.refusal = 0
        self.knows_ranges = True
        self.shift = 0
        self.mute = False
        self.asked: list[tuple[str, str | None]] = []
        self.ended = threading.Event()

    @property
    def address(self) -> str:
        """Of the file."""
        return f"http://127.0.0.1:{self.server_port}/models/file.pth"


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        server = self.server
        wanted = self.headers.get("Range")
        server.asked.append((self.path, wanted))
        if server.mute:
            server.ended.wait(60)
        elif server.refusal:
            self.send_error(server.refusal)
        else:
            self._answer(int(wanted[len("bytes=") : -1]) if wanted and server.knows_ranges else 0, wanted is not None)

    def _answer(self, start: int, is_range: bool) -> None:
        server = self.server
        body = server.content[start:]
        self.send_response(206 if is_range and server.knows_ranges else 200)
        if is_range and server.knows_ranges:
            size = len(server.content)
            self.send_header("Content-Range", f"bytes {start + server.shift}-{size - 1}/{size}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: server.cut])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def file_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """A server of this machine, reached without any proxy."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = FileServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.ended.set()
    server.shutdown()
    server.server_close()
    thread.join()
