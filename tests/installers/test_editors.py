"""The installers' shell: the editors are set up beside the rest, or it is said why not. No network."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from support.imports import REPOSITORY
from support.waiting import wait_for

CAPABLE = "can_have_editors() { :; }\n"
SET_UP = 'begin_editors; wait_for_editors; echo "required ${PHOTOSTYLE_EDITORS_REQUIRED:-no}"'
COUNT = 'echo x >>"$1/tries"; tries=$(wc -l <"$1/tries"); '


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "a checkout"
    for name in ("installers", "tests/editors"):
        (folder / name).mkdir(parents=True)
    for name in ("environment.sh", "editors.sh"):
        (folder / "installers" / name).write_bytes((REPOSITORY / "installers" / name).read_bytes())
    return folder


def start(checkout: Path, setup: str, script: str) -> subprocess.Popen[str]:
    program = checkout / "tests" / "editors" / "setup"
    program.write_text(f"#!/bin/sh\n{setup}\n")
    program.chmod(0o755)
    sources = '. "${0%/*}/environment.sh"; . "${0%/*}/editors.sh"\n'
    command = ["/bin/sh", "-c", sources + script, str(checkout / "installers" / "test")]
    environment = {**os.environ, "PHOTOSTYLE_EDITORS": str(checkout / "editors")}
    environment.pop("PHOTOSTYLE_EDITORS_REQUIRED", None)
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_what_can_be_set_up_is_required(checkout: Path) -> None:
    said, _ = start(checkout, "sleep 0.2", CAPABLE + SET_UP).communicate(timeout=60)
    assert said.startswith("Setting up the real GIMP and Krita in")
    assert said.endswith("required 1\n")


def test_nothing_is_said_where_they_are(checkout: Path) -> None:
    (checkout / "editors").mkdir()
    (checkout / "editors" / ".stage-profiles").touch()
    assert start(checkout, "", CAPABLE + SET_UP).communicate(timeout=60)[0] == "required 1\n"


def test_a_mirror_may_fail_once(checkout: Path) -> None:
    running = start(checkout, COUNT + "[ $tries -eq 2 ]", CAPABLE + SET_UP)
    assert running.communicate(timeout=60)[0].endswith("required 1\n")


def test_a_mirror_that_fails_is_an_error(checkout: Path) -> None:
    running = start(checkout, COUNT + "echo no route; exit 1", CAPABLE + SET_UP)
    _, complaint = running.communicate(timeout=60)
    assert running.returncode == 1
    assert complaint.startswith("no route\n")
    assert "error: GIMP and Krita could not be set up" in complaint
    assert (checkout / "editors" / "tries").read_text() == "x\nx\n"


def test_a_machine_that_cannot_have_them(checkout: Path) -> None:
    running = start(checkout, "exit 1", "id() { echo 1000; }\n" + SET_UP)
    said = running.communicate(timeout=60)[0].splitlines()
    assert said[0].startswith("Tests in the real GIMP and Krita are skipped: setting them up takes root")
    assert said[1] == "required no"


def test_the_set_up_ends_with_what_began_it(checkout: Path) -> None:
    running = start(checkout, 'echo $$ >"$1/pid"; sleep 100 & wait', CAPABLE + SET_UP)
    wait_for((checkout / "editors" / "pid").exists, 30)
    running.terminate()
    running.communicate(timeout=60)
    assert running.returncode == 130
