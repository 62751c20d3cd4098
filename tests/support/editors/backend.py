"""Backends for the plug-ins in the editors: a warm daemon, and one that a plug-in must start itself."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from photostyle import __version__
from photostyle.daemon.config import WORKER_COMMAND
from photostyle_protocol.connection import CONNECTION
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.request import RegionRef, Scalar, Settings, StylizeRequest
from support.command_line import photostyle
from support.daemon import RunningDaemon, Start, daemons_in, environment
from support.editors.run import RUN_VARIABLE
from support.environment import new_runtime_dir

WARM_UP = ImageSpec(32, 32, 3, "uint8")


@contextmanager
def warm_daemon() -> Iterator[RunningDaemon]:
    """A daemon with the real engine, whose worker has done a job; every process started meanwhile finds it."""
    with new_runtime_dir() as folder, daemons_in(folder) as start:
        daemon = start(worker_command=WORKER_COMMAND, device="cpu")
        with daemon.connect() as client:
            name = client.put(WARM_UP, bytes(i % 251 for i in range(WARM_UP.nbytes)))
            client.stylize(StylizeRequest(name, (RegionRef(name),), settings=Settings("rest")))
        yield daemon


class Stage:
    """A daemon whose worker plays one part for every job, whatever its method.

    Attributes:
        daemon: The daemon.
    """

    def __init__(self, daemon: RunningDaemon, play: Path) -> None:
        """The worker reads `play` at each job."""
        self.daemon = daemon
        self._play = play

    def play(self, part: str, **options: Scalar) -> None:
        """What the jobs from now on do: ``"steps", count=200, seconds=0.05``; the parts are those of `play_worker`."""
        self._play.write_text(json.dumps({"part": part, **options}))


@contextmanager
def staged_daemon(start: Start, play: Path) -> Iterator[Stage]:
    """A daemon on a stage, which inverts until it is told otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAY_FILE", str(play))
        stage = Stage(start(), play)
        stage.play("invert")
        yield stage


def write_launcher(path: Path) -> list[str]:
    """A program that runs this Python's ``photostyle`` from inside the editors' tree.

    Inside there is neither this Python nor its libraries, so it steps out: the root folder of this process, seen in
    /proc there, is the way. It keeps standard input and output, and what it starts is no part of an editor's run.

    Returns:
        The command, to which photostyle's own arguments are added.
    """
    variables = [f"{name}={value}" for name, value in environment().items() if name in ("PATH", "PYTHONPATH", "LANG")]
    out = ["chroot", f"/proc/{os.getpid()}/root", "env", "-C", str(path.parent), "-u", RUN_VARIABLE]
    python = [sys.executable, "-m", "photostyle.cli"]
    path.write_text(f'#!/bin/sh\nexec {shlex.join([*out, *variables, *python])} "$@"\n')
    path.chmod(0o755)
    return [str(path)]


@contextmanager
def installed_backend(config_dir: Path) -> Iterator[list[str]]:
    """What an installation writes for the plug-ins, without a daemon that runs; one that they start is stopped.

    Args:
        config_dir: Photostyle's configuration folder of the editor.
    """
    with new_runtime_dir() as folder:
        command = write_launcher(folder / "photostyle")
        config_dir.mkdir(parents=True, exist_ok=True)
        backend = {"command": command, "version": __version__}
        (config_dir / "backend.json").write_text(json.dumps(backend))
        yield command
        if (folder / CONNECTION).exists():
            photostyle("stop")
