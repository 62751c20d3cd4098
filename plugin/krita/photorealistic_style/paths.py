"""Where the modules are that the plug-in brings along."""

from __future__ import annotations

import os
import sys
from pathlib import Path

DEVELOPMENT_PATH = "PHOTOSTYLE_DEVELOPMENT_PATH"
"""Folders to take `photostyle_plugin` and `photostyle_protocol` from instead, for work on them."""


def reach_modules() -> None:
    """Make `photostyle_plugin`, `photostyle_protocol` and what they need importable."""
    own = Path(__file__).resolve().parent
    named = os.environ.get(DEVELOPMENT_PATH)
    for folder in named.split(os.pathsep) if named else [str(own)]:
        # At the end: no module of this folder may stand in front of another plug-in's.
        if folder not in sys.path:
            sys.path.append(folder)
    from photostyle_plugin.vendoring import use_vendored

    use_vendored(own)
