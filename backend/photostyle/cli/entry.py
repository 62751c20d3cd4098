"""Where ``photostyle`` begins."""

from __future__ import annotations

import os
import sys

from photostyle.cli.plain_serve import plain_options, plain_serve
from photostyle.cli.telling import exit_status


def main() -> None:
    """Run the command line and exit with its status."""
    if sys.flags.ignore_environment:
        # An editor's own Python settings, which python -E keeps away from here, are not for the daemon and its worker.
        for name in ("PYTHONHOME", "PYTHONPATH"):
            os.environ.pop(name, None)
    options = plain_options(sys.argv[1:])
    if options is not None:
        sys.exit(exit_status(lambda: plain_serve(options["--device"], options["--idle-unload"])))
    from photostyle.cli.app import run

    sys.exit(run(sys.argv[1:]))
