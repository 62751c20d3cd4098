"""GIMP 3, with a profile of the test's own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from support.editors.run import Done, Run
from support.editors.tree import EditorTree
from support.editors.window import Window
from support.imports import REPOSITORY

PLUG_INS = REPOSITORY / "plugin" / "gimp"
DEVELOPMENT_PATH = os.pathsep.join(str(REPOSITORY / folder) for folder in ("plugin", "shared"))
BATCH_SECONDS = 100.0


class Gimp:
    """GIMP as a test uses it: as often as it likes, always with the same profile.

    Attributes:
        profile: GIMP's own folder, of this test.
        config_dir: Where Photostyle keeps what is the person's.
    """

    def __init__(self, tree: EditorTree, folder: Path, plug_ins: Sequence[Path] = (PLUG_INS,)) -> None:
        """Nothing is started yet.

        Args:
            tree: Where GIMP is.
            folder: For the profile, screenshots and what GIMP prints.
            plug_ins: Folders of plug-ins (``FOLDER/NAME/NAME.py``), searched before the profile's own.
        """
        self._tree = tree
        self.folder = folder
        self.profile = folder / "gimp-profile"
        self.config_dir = folder / "config"
        self._plug_ins = plug_ins

    def set_preferences(self, lines: str) -> None:
        """Set lines of GIMP's own preferences, ``(theme-color-scheme dark)``, for the starts to come."""
        self.profile.mkdir(exist_ok=True)
        (self.profile / "gimprc-more").write_text(lines + "\n")

    def batch(self, script: str | Path, check: bool = True, seconds: float = BATCH_SECONDS, **variables: str) -> Done:
        """Run a Python script in GIMP without a window, with `Gimp`, `Gegl`, `Gio` and `GLib` in scope.

        Args:
            script: Its text, or the file.
            check: Raise when it raises.
            seconds: How long it may take.
            variables: Added to the environment of GIMP and of its plug-ins.

        Raises:
            AssertionError: The script has raised, or has not ended in time.
        """
        run = self.start(script, **variables)
        done = run.wait(seconds)
        assert done.code == 0 or not check, run.tail()
        return done

    def start(self, script: str | Path, **variables: str) -> Run:
        """Start a script like `batch`, and do not wait for its end; whoever starts it stops it."""
        if isinstance(script, str):
            text, script = script, self.folder / "script.py"
            script.write_text(text)
        return Run(self._command("batch", script), self.folder, self._variables(variables))

    def window(self, *files: str | Path, **variables: str) -> Window:
        """GIMP with its window, with these files open."""
        return Window(self._command("ui", *files), self.folder, self._variables(variables))

    def _command(self, mode: str, *arguments: str | Path) -> list[str]:
        options: list[str | Path] = ["--profile", self.profile]
        for folder in self._plug_ins:
            options += ["--plug-ins", folder]
        options += ["--bind", REPOSITORY, "--bind", self.folder]
        return self._tree.command("run-gimp", *options, mode, *arguments)

    def _variables(self, given: dict[str, str]) -> dict[str, str]:
        own = {"PHOTOSTYLE_CONFIG_DIR": str(self.config_dir), "PHOTOSTYLE_DEVELOPMENT_PATH": DEVELOPMENT_PATH}
        return {**own, **given}
