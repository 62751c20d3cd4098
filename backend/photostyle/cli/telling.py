"""How errors reach a person: one line on stderr and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from photostyle.cli import exit_codes
from photostyle_protocol.errors import PhotostyleError

DEBUG = "PHOTOSTYLE_DEBUG"
"""Where this is set, errors show where they come from."""


def exit_status(work: Callable[[], int]) -> int:
    """Do some work that returns an exit status, and tell whatever goes wrong."""
    try:
        code = work()
    except KeyboardInterrupt:
        code = exit_codes.CANCELLED
    except PhotostyleError as error:
        return _told(error, exit_codes.of_error(error))
    except Exception as error:
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        return _told(PhotostyleError(f"Unexpected: {what}.", "See more with: photostyle --debug …"), exit_codes.FAILED)
    if code == exit_codes.CANCELLED:
        print("Cancelled.", file=sys.stderr)
    return code


def _told(error: PhotostyleError, code: int) -> int:
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exc()
    print(f"error: {error}", file=sys.stderr)
    return code
