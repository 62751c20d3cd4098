"""Programs that run inside GIMP without a window: one start for many cases."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.editors.gimp import PLUG_INS, Gimp
from support.editors.run import Run
from support.editors.tree import EditorTree
from support.waiting import wait_for

HERE = Path(__file__).parent
INSIDE = HERE / "inside"
OTHER_PLUG_INS = HERE / "plug-ins"
RUN_PROGRAM = """
import importlib, json, os, sys
sys.path.insert(0, os.environ["INSIDE"])
answer = importlib.import_module(os.environ["PROGRAM"]).main(**json.loads(os.environ["ARGUMENTS"]))
open(os.environ["REPORT"], "w").write(json.dumps(answer))
"""
SECONDS = 200.0


class Headless:
    """GIMP without a window, in which the programs of ``inside/`` run."""

    def __init__(self, tree: EditorTree, folder: Path, plug_ins: Path = PLUG_INS) -> None:
        self.gimp = Gimp(tree, folder, (plug_ins, OTHER_PLUG_INS))
        self.folder = folder
        self._report = folder / "report.json"

    def run(self, program: str, variables: dict[str, str] | None = None, **arguments: Any) -> Any:
        """Run a program to its end; what its `main` returns."""
        return self.answer(self.start(program, variables, **arguments))

    def start(self, program: str, variables: dict[str, str] | None = None, **arguments: Any) -> Run:
        """Start a program; give the run to `answer`."""
        named = {"INSIDE": str(INSIDE), "PROGRAM": program, "REPORT": str(self._report)}
        return self.gimp.start(RUN_PROGRAM, **named, ARGUMENTS=json.dumps(arguments), **(variables or {}))

    def answer(self, run: Run) -> Any:
        """Wait for the end of a program; what its `main` returned."""
        done = run.wait(SECONDS)
        assert done.code == 0, run.tail()
        return json.loads(self._report.read_text())


@pytest.fixture
def headless(editors: EditorTree, tmp_path: Path) -> Headless:
    """GIMP without a window."""
    return Headless(editors, tmp_path)


@pytest.fixture
def make_headless(editors: EditorTree, tmp_path: Path) -> Callable[[Path], Headless]:
    """GIMP with the plug-ins of another folder."""
    return lambda plug_ins: Headless(editors, tmp_path, plug_ins)


@pytest.fixture
def started(headless: Headless) -> Iterator[Callable[..., Run]]:
    """Start programs that the test talks to while they run; what is left of them ends with the test."""
    runs: list[Run] = []

    def start(program: str, variables: dict[str, str] | None = None, **arguments: Any) -> Run:
        runs.append(headless.start(program, variables, **arguments))
        return runs[-1]

    yield start
    for run in runs:
        run.stop()


class Bystander:
    """Somebody who does things in a running GIMP beside the plug-in; see ``plug-ins/bystander``.

    Attributes:
        variables: The environment of a GIMP in which it is to act.
    """

    plug_ins = OTHER_PLUG_INS

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.variables = {"BYSTANDER": str(folder)}

    def begin(self, name: str, script: str) -> None:
        """Have a script run; `Gimp` and the modules of ``inside/`` are in its scope."""
        path = self._folder / f"{name}.part"
        path.write_text(f"import sys\nsys.path.insert(0, {str(INSIDE)!r})\n{script}")
        path.rename(path.with_suffix(".py"))

    def done(self, name: str) -> Path:
        """The file that is there, with what it printed, once a script has run."""
        return self._folder / f"{name}.done"

    def told(self, name: str) -> str:
        """What a script printed, once it has run."""
        wait_for(self.done(name).exists, SECONDS, "the bystander")
        return self.done(name).read_text()

    def tell(self, name: str, script: str) -> str:
        """Run a script; what it printed."""
        self.begin(name, script)
        return self.told(name)


@pytest.fixture
def bystander(tmp_path: Path) -> Bystander:
    """Acts in every GIMP that gets its variables and its plug-in."""
    return Bystander(tmp_path / "bystander")
