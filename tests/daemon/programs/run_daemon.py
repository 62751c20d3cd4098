"""A daemon in a process of its own: ``run_daemon.py CONFIG.json``, a map with fields of `DaemonConfig`."""

import json
import sys
from pathlib import Path

from photostyle.daemon.config import DaemonConfig
from photostyle.daemon.serve import serve
from photostyle_protocol.errors import PhotostyleError


def main() -> None:
    fields = json.loads(Path(sys.argv[1]).read_text())
    for name in ("allowed_keys", "server_keys"):
        if name in fields:
            fields[name] = Path(fields[name])
    try:
        serve(DaemonConfig(**fields))
    except PhotostyleError as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
