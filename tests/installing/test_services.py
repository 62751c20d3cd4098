"""The daemon as a service: files that the systems themselves accept."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from photostyle.installing import services
from photostyle.installing.record import own_command
from photostyle.installing.system import System
from photostyle_protocol.errors import BadInputError, OutputError


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_accepts_the_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = services.service(System("linux", {}, tmp_path))
    services.install_service(wanted)
    assert wanted.path == tmp_path / ".config/systemd/user/photostyle.service"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    command = ["systemd-analyze", "verify", "--user", "--man=no", "--recursive-errors=no", str(wanted.path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_starts_this_photostyle(tmp_path: Path) -> None:
    lines = services.service(System("linux", {}, tmp_path)).content.decode().splitlines()
    assert [line for line in lines if line.startswith("ExecStart=")] == [
        f"ExecStart={' '.join(own_command())} serve --foreground"
    ]


def test_words_that_mean_something_to_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "own_command", lambda: ("/a folder/50%/$x/py\\thon", "-m", 'a"b'))
    text = services.service(System("linux", {}, tmp_path)).content.decode()
    assert 'ExecStart="/a folder/50%%/$$x/py\\\\thon" -m "a\\"b" serve --foreground\n' in text


def test_launchd_gets_this_photostyle(tmp_path: Path) -> None:
    wanted = services.service(System("darwin", {}, tmp_path))
    services.install_service(wanted)
    found = plistlib.loads((tmp_path / "Library/LaunchAgents/photostyle.daemon.plist").read_bytes())
    assert found["ProgramArguments"] == [*own_command(), "serve", "--foreground"]
    assert found["Label"] == "photostyle.daemon"
    assert found["KeepAlive"] == {"SuccessfulExit": False}


def test_put_in_place_and_removed(tmp_path: Path) -> None:
    wanted = services.service(System("linux", {}, tmp_path))
    services.install_service(wanted)
    services.install_service(wanted)
    assert services.uninstall_service(wanted)
    assert not services.uninstall_service(wanted)
    assert not list((tmp_path / ".config/systemd/user").iterdir())


def test_one_that_was_changed_stays(tmp_path: Path) -> None:
    wanted = services.service(System("linux", {}, tmp_path))
    services.install_service(wanted)
    wanted.path.write_text(wanted.path.read_text() + "Nice=5\n")
    with pytest.raises(OutputError, match="was changed"):
        services.uninstall_service(wanted)
    assert wanted.path.exists()


def test_windows_needs_none(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="None is needed"):
        services.service(System("win32", {}, tmp_path))
