"""Whether a device can be used, asked without loading torch into this process."""

from __future__ import annotations

import subprocess
import sys

from photostyle_protocol.errors import BadOptionError

_ALWAYS_THERE = ("auto", "cpu")
_PATIENCE_S = 60
_QUESTION = """
import sys
from photostyle.stylize.engine import Engine
from photostyle_protocol.errors import PhotostyleError
try:
    Engine.load(sys.argv[1])
except PhotostyleError as error:
    sys.exit(error.message)
"""


def check_device(device: str) -> None:
    """Refuse a device that is not there.

    The daemon's broker must stay free of torch, so another process is asked; ``auto`` and ``cpu`` always work
    and are not asked about.

    Raises:
        BadOptionError: It cannot be used.
    """
    if device in _ALWAYS_THERE:
        return
    command = [sys.executable, "-c", _QUESTION, device]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BadOptionError(last, "Choose auto, cpu, cuda:0 or mps; see: photostyle doctor")
