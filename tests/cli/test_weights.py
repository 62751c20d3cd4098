"""``photostyle weights``, word by word."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from photostyle.cli import doctor, exit_codes
from photostyle.cli.app import run
from photostyle.cli.findings import Verdict
from photostyle.features.weights.published import PUBLISHED, Published
from support.file_server import FileServer


class Person(io.StringIO):
    """Somebody at a terminal who types this."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def known(small: Published, weights_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Published:
    """VGG-19 is a small file on a server of the test's."""
    monkeypatch.setitem(PUBLISHED, "vgg19", small)
    return small


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = exit_codes.OK) -> str:
    assert run(["weights", *words]) == code
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_from_nothing_to_gone(
    capsys: pytest.CaptureFixture[str], known: Published, file_server: FileServer, weights_folder: Path
) -> None:
    place = weights_folder / "vgg19.safetensors"
    assert "vgg19  not fetched" in told(capsys, "list")
    refused = told(capsys, "path", "vgg19", code=exit_codes.BAD_INPUT)
    assert "weights fetch vgg19" in refused
    fetched = told(capsys, "fetch", "vgg19", "--yes")
    for word in (known.address, known.digest, "licence", "BSD", str(place), "MB"):
        assert word in fetched
    assert f"fetching {known.file} …" in fetched
    assert told(capsys, "path", "vgg19") == f"{place}\n"
    assert f"here, 0 MB: {place}" in told(capsys, "list")
    asked = len(file_server.asked)
    assert "here already" in told(capsys, "fetch", "vgg19")
    assert len(file_server.asked) == asked
    assert "free again" in told(capsys, "remove", "vgg19")
    assert list(weights_folder.iterdir()) == []


def test_nothing_is_fetched_without_a_yes(
    capsys: pytest.CaptureFixture[str], file_server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    refused = told(capsys, "fetch", "vgg19", code=exit_codes.BAD_INPUT)
    assert file_server.address in refused
    assert "--yes" in refused
    for answer in ("n\n", "\n", ""):
        monkeypatch.setattr("sys.stdin", Person(answer))
        assert "Cancelled" in told(capsys, "fetch", "vgg19", code=exit_codes.CANCELLED)
    assert file_server.asked == []
    monkeypatch.setattr("sys.stdin", Person("y\n"))
    assert "Wrote" in told(capsys, "fetch", "vgg19")


def test_trouble_is_one_line_and_the_rest_is_seen(
    capsys: pytest.CaptureFixture[str], known: Published, file_server: FileServer, weights_folder: Path
) -> None:
    file_server.cut = len(file_server.content) // 2
    line = told(capsys, "fetch", "vgg19", "--yes", code=exit_codes.FAILED).splitlines()[-1]
    assert line.startswith("error: ")
    assert "goes on from there" in line
    assert "of them here)" in told(capsys, "list")
    (weights_folder / "vgg19.safetensors").write_bytes(b"half")
    assert "vgg19  damaged" in told(capsys, "list")
    findings = {found.what: found for found in doctor._weights()}
    assert findings["The weights of VGG-19 are damaged and not used."].verdict is Verdict.WARN
    assert findings["no weights of VGG-16; nothing needs them"].verdict is Verdict.OK


def test_from_a_file_and_from_torchvision(
    capsys: pytest.CaptureFixture[str], known: Published, file_server: FileServer, weights_folder: Path
) -> None:
    mine = weights_folder.parent / known.file
    mine.write_bytes(file_server.content)
    assert str(mine) in told(capsys, "fetch", "vgg19", "--yes", "--from", str(mine))
    told(capsys, "remove", "vgg19")
    theirs = weights_folder.parent / "torch" / "hub" / "checkpoints" / known.file
    theirs.parent.mkdir(parents=True)
    mine.rename(theirs)
    assert str(theirs) in told(capsys, "fetch", "vgg19", "--yes")
    assert file_server.asked == []


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("fetch", "path", "remove"):
        assert "Choose from: vgg19, vgg16" in told(capsys, verb, "resnet", code=exit_codes.BAD_INPUT)
