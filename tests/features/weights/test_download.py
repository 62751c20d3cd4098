"""A download in all the ways in which it can end."""

from __future__ import annotations

import random
import socket
from pathlib import Path

import pytest

from photostyle.features.weights.download import DownloadError, download
from photostyle_protocol.errors import JobCancelledError, ResourceError
from support.file_server import FileServer

CONTENT = random.Random(6).randbytes(3_000_000)
SIZE = len(CONTENT)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "file.pth.part"


@pytest.fixture
def server(file_server: FileServer) -> FileServer:
    file_server.content = CONTENT
    return file_server


def test_the_whole_file_with_every_byte_told(server: FileServer, part: Path) -> None:
    told: list[int] = []
    download(server.address, part, SIZE, told.append)
    assert part.read_bytes() == CONTENT
    assert told == sorted(told)
    assert told[-1] == SIZE
    assert len(told) > 3
    assert server.asked == [("/models/file.pth", None)]


def test_an_interrupted_one_goes_on(server: FileServer, part: Path) -> None:
    server.cut = 1_000_000
    with pytest.raises(DownloadError, match="ended after 1 MB of 3 MB") as caught:
        download(server.address, part, SIZE, lambda have: None)
    assert "goes on from there" in caught.value.hint
    assert part.stat().st_size == 1_000_000
    server.cut = None
    told: list[int] = []
    download(server.address, part, SIZE, told.append)
    assert part.read_bytes() == CONTENT
    assert told[0] > 1_000_000
    assert server.asked[-1] == ("/models/file.pth", "bytes=1000000-")


def test_a_server_without_ranges_sends_it_anew(server: FileServer, part: Path) -> None:
    part.write_bytes(b"x" * 1000)
    server.knows_ranges = False
    download(server.address, part, SIZE, lambda have: None)
    assert part.read_bytes() == CONTENT


def test_another_part_than_asked_for_is_not_appended(server: FileServer, part: Path) -> None:
    part.write_bytes(CONTENT[:1000])
    server.shift = 7
    with pytest.raises(DownloadError, match="another part"):
        download(server.address, part, SIZE, lambda have: None)
    assert part.read_bytes() == CONTENT[:1000]


def test_what_is_whole_is_not_asked_for_again(server: FileServer, part: Path) -> None:
    part.write_bytes(CONTENT)
    download(server.address, part, SIZE, lambda have: None)
    assert server.asked == []


def test_a_server_that_never_stops_does_not_fill_the_disk(server: FileServer, part: Path) -> None:
    download(server.address, part, 1000, lambda have: None)
    assert part.stat().st_size < 600_000


@pytest.mark.parametrize(
    ("status", "told", "hint"), [(404, "404 Not Found", "--from FILE"), (503, "503", "later"), (407, "407", "PROXY")]
)
def test_a_refusal_is_told(server: FileServer, part: Path, status: int, told: str, hint: str) -> None:
    server.refusal = status
    part.write_bytes(CONTENT[:1000])
    with pytest.raises(DownloadError, match=told) as caught:
        download(server.address, part, SIZE, lambda have: None)
    assert hint in caught.value.hint
    assert server.address in caught.value.message
    assert part.read_bytes() == CONTENT[:1000]


def test_silence_ends(server: FileServer, part: Path) -> None:
    server.mute = True
    with pytest.raises(DownloadError, match="timed out") as caught:
        download(server.address, part, SIZE, lambda have: None, silence_s=0.3)
    assert "HTTPS_PROXY" in caught.value.hint


def test_nobody_there(file_server: FileServer, part: Path) -> None:
    with socket.socket() as idle:
        idle.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{idle.getsockname()[1]}/file.pth"
        with pytest.raises(DownloadError, match="cannot be reached") as caught:
            download(address, part, SIZE, lambda have: None)
    assert address in caught.value.message
    assert not part.exists()


def test_a_full_disk_keeps_the_part(server: FileServer, tiny_disk: Path) -> None:
    part = tiny_disk / "file.pth.part"
    with pytest.raises(ResourceError, match="full") as caught:
        download(server.address, part, SIZE, lambda have: None)
    assert "Make room" in caught.value.hint
    assert 0 < part.stat().st_size < SIZE
    assert CONTENT.startswith(part.read_bytes())


def test_ctrl_c_keeps_the_part(server: FileServer, part: Path) -> None:
    def interrupt(have: int) -> None:
        if have > 1_000_000:
            raise KeyboardInterrupt

    with pytest.raises(JobCancelledError, match="Stopped after 1 MB") as caught:
        download(server.address, part, SIZE, interrupt)
    assert "goes on from there" in caught.value.hint
    assert CONTENT.startswith(part.read_bytes())
    download(server.address, part, SIZE, lambda have: None)
    assert part.read_bytes() == CONTENT


def test_the_proxy_of_the_environment_is_asked(server: FileServer, part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
    download("http://weights.invalid/models/file.pth", part, SIZE, lambda have: None)
    assert server.asked == [("http://weights.invalid/models/file.pth", None)]
    assert part.read_bytes() == CONTENT
