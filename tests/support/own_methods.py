"""A Python that knows the methods of the tests: ``own_methods.py cli|worker WORDS …``."""

from __future__ import annotations

import sys
from pathlib import Path

from photostyle import cli, worker
from photostyle.methods import registry

METHODS = {"developing": "support.methods:Developing", "hungry": "support.methods:Hungry"}


def main() -> None:
    """Run the product's command line or its worker."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    registry._METHODS.update(METHODS)
    if sys.argv.pop(1) == "cli":
        cli.main()
    else:
        worker.main(sys.argv[1:])


if __name__ == "__main__":
    main()
