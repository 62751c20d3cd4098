#!/usr/bin/env python3
"""GIMP 3 plug-in: a photograph takes the look of another one, on a new layer."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
gi.require_version("Babl", "0.1")
from gi.repository import Gimp, Gio

HERE = Path(__file__).resolve().parent
sys.path.extend(path for path in os.environ.get("PHOTOSTYLE_DEVELOPMENT_PATH", "").split(os.pathsep) if path)

from photostyle_plugin.vendoring import use_vendored

use_vendored(HERE)

PROCEDURE = "plug-in-photorealistic-style"


class PhotorealisticStyle(Gimp.PlugIn):  # type: ignore[misc]
    """Tells GIMP what there is; everything else is loaded when it is wanted."""

    def do_set_i18n(self, name: str) -> bool:
        """The words bring their own translations."""
        del name
        return False

    def do_query_procedures(self) -> list[str]:
        """The names of the procedures."""
        self.set_help_domain(PROCEDURE, Gio.File.new_for_path(str(HERE / "help")))
        return [PROCEDURE]

    def do_create_procedure(self, name: str) -> Any:
        """The procedure of this name."""
        from procedure import create

        return create(self, name)


if __name__ == "__main__":
    Gimp.main(PhotorealisticStyle.__gtype__, sys.argv)
