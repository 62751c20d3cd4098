"""Krita 5, with a home folder of the test's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from support.editors.gimp import DEVELOPMENT_PATH
from support.editors.run import Run
from support.editors.tree import SCRIPTS, EditorTree
from support.editors.window import Window
from support.imports import REPOSITORY

PLUG_IN = REPOSITORY / "plugin" / "krita" / "photorealistic_style"
RUNNER_SECONDS = 100.0


class Krita:
    """Krita as a test uses it: as often as it likes, always with the same home folder.

    Attributes:
        home: The home folder that Krita sees.
        config_dir: Where Photostyle keeps what is the person's.
    """

    def __init__(self, tree: EditorTree, folder: Path, plug_ins: Sequence[Path] = (PLUG_IN,)) -> None:
        """Nothing is started yet.

        Args:
            tree: Where Krita is.
            folder: For the home folder, screenshots and what Krita prints.
            plug_ins: Packages (``FOLDER/NAME`` with ``FOLDER/NAME.desktop``) that are linked in and enabled.
        """
        self._tree = tree
        self.folder = folder
        self.home = folder / "home"
        self.config_dir = folder / "config"
        self._plug_ins = plug_ins

    def runner(
        self, module: Path, function: str, *arguments: str | Path, seconds: float = RUNNER_SECONDS, **variables: str
    ) -> Any:
        """Call a function of a module in Krita's engine, without a window.

        Args:
            module: The file.
            function: Called with the arguments as strings.
            arguments: For it.
            seconds: How long it may take.
            variables: Added to the environment.

        Returns:
            What the function returned, through JSON.

        Raises:
            AssertionError: It has raised, or has not ended in time.
        """
        verdict = self.folder / "verdict.json"
        verdict.unlink(missing_ok=True)
        call = ("runner", "verdict", "main", verdict, module, function, *arguments)
        run = Run(self._command("--module-folder", SCRIPTS, *call), self.folder, self._variables(variables))
        run.wait(seconds)
        assert verdict.exists(), f"Krita ended without a verdict\n{run.tail()}"
        answer = json.loads(verdict.read_text())
        assert "traceback" not in answer, f"{answer['traceback']}\n{run.tail()}"
        return answer["value"]

    def window(self, *files: str | Path, **variables: str) -> Window:
        """Krita with its window, with these files open."""
        return Window(self._command("ui", *files), self.folder, self._variables(variables))

    def _command(self, *arguments: str | Path) -> list[str]:
        options: list[str | Path] = ["--home", self.home, "--bind", REPOSITORY, "--bind", self.folder]
        for package in self._plug_ins:
            options += ["--plug-in", package]
        return self._tree.command("run-krita", *options, *arguments)

    def _variables(self, given: dict[str, str]) -> dict[str, str]:
        own = {"PHOTOSTYLE_CONFIG_DIR": str(self.config_dir), "PHOTOSTYLE_DEVELOPMENT_PATH": DEVELOPMENT_PATH}
        return {**own, **given}
