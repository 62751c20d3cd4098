"""The machine as the rest of this room sees it, so that every platform's folders can be worked out on any other."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class System:
    """What folders and programs depend on.

    Attributes:
        platform: As `sys.platform` has it: ``linux``, ``darwin`` or ``win32``.
        environment: The person's environment variables.
        home: Their home folder.
    """

    platform: str
    environment: Mapping[str, str]
    home: Path

    @classmethod
    def here(cls) -> System:
        """This machine, for this person."""
        return cls(sys.platform, os.environ, Path.home())

    def folder(self, variable: str, *default: str) -> Path:
        """The folder that `variable` names, else the one at `default` below the home folder."""
        named = self.environment.get(variable)
        return Path(named) if named else self.home.joinpath(*default)

    def program(self, name: str) -> Path | None:
        """A program on the path as the person's desktop has it, which is without a virtual environment's own folder."""
        own = Path(sys.prefix)
        entries = self.environment.get("PATH", "").split(os.pathsep)
        outside = [entry for entry in entries if sys.prefix == sys.base_prefix or own not in Path(entry).parents]
        found = shutil.which(name, path=os.pathsep.join(outside))
        return Path(found) if found else None

    def clean_environment(self) -> dict[str, str]:
        """The environment for an editor's own programs: nothing in it leads to this Python."""
        mine = ("PYTHON", "VIRTUAL_ENV", "LD_")
        return {name: value for name, value in self.environment.items() if not name.startswith(mine)}
