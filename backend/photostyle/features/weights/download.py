"""One file over HTTP that goes on where it stopped."""

from __future__ import annotations

import errno
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO

from photostyle_protocol.errors import JobCancelledError, JobFailedError, ResourceError

_CHUNK = 256 * 1024
_SILENCE_S = 30.0
_AGAIN = "The same command goes on from there."

Show = Callable[[int], None]


class DownloadError(JobFailedError):
    """A file could not be fetched, or is not the file that was wanted."""


def download(address: str, part: Path, size: int, show: Show, silence_s: float = _SILENCE_S) -> None:
    """Fetch what is missing of a file; proxies are those of the environment or of the system.

    Args:
        address: Where it is.
        part: The file so far; it is made where there is none, and kept when anything goes wrong.
        size: Of the whole file in bytes.
        show: Called with the bytes so far.
        silence_s: How long the other side may say nothing.

    Raises:
        DownloadError: The other side cannot be reached, refuses, or ends too early.
        ResourceError: The disk is full.
        JobCancelledError: The person pressed Ctrl-C.
    """
    have = part.stat().st_size if part.exists() else 0
    if have >= size:  # whole, or something else: its digest will tell
        return
    try:
        with _opened(address, have, silence_s) as answer, part.open("ab" if _goes_on(answer, have) else "wb") as file:
            _copy(answer, file, size, show)
    except KeyboardInterrupt as interrupt:
        raise JobCancelledError(f"Stopped after {_megabytes(part)}.", _AGAIN) from interrupt
    except urllib.error.HTTPError as error:
        raise _refused(address, error) from error
    except (OSError, HTTPException) as error:
        raise _failed(address, part, error) from error
    if part.stat().st_size < size:
        raise DownloadError(f"The connection ended after {_megabytes(part)} of {size / 1e6:.0f} MB.", _AGAIN)


def _opened(address: str, have: int, silence_s: float) -> HTTPResponse:
    # An opener of its own: the shared one keeps the proxies of its first use.
    opener = urllib.request.build_opener()
    request = urllib.request.Request(address)  # noqa: S310 - the addresses are in the code
    if have:
        request.add_header("Range", f"bytes={have}-")
    answer: HTTPResponse = opener.open(request, timeout=silence_s)
    return answer


def _goes_on(answer: HTTPResponse, have: int) -> bool:
    """Whether the answer begins where the file ends; a server that knows no ranges sends everything."""
    begins = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    if answer.status == 206 and (begins is None or int(begins[1]) != have):
        raise HTTPException("the server sent another part than was asked for")
    return answer.status == 206


def _copy(answer: HTTPResponse, file: IO[bytes], size: int, show: Show) -> None:
    """Until the answer ends; never more than one chunk beyond the size, whatever the server sends."""
    while file.tell() <= size and (chunk := answer.read1(_CHUNK)):
        file.write(chunk)
        show(file.tell())


def _refused(address: str, error: urllib.error.HTTPError) -> DownloadError:
    error.close()
    hints = {
        404: "It has moved: fetch the file elsewhere and name it with --from FILE.",
        407: "Your proxy wants a name and a password: HTTPS_PROXY=http://name:password@host:port",
    }
    usual = "Try again later, or fetch the file elsewhere and name it with --from FILE."
    return DownloadError(f"{address} answers: {error.code} {error.reason}.", hints.get(error.code, usual))


def _failed(address: str, part: Path, error: Exception) -> DownloadError | ResourceError:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ResourceError(f"The disk of {part.parent} is full after {_megabytes(part)}.", f"Make room. {_AGAIN}")
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    hint = "Check the network, and behind a proxy the variable HTTPS_PROXY."
    if part.exists() and part.stat().st_size:
        return DownloadError(f"The download stopped after {_megabytes(part)}: {reason}.", f"{hint} {_AGAIN}")
    return DownloadError(f"{address} cannot be reached: {reason}.", hint)


def _megabytes(part: Path) -> str:
    size = part.stat().st_size if part.exists() else 0
    return f"{size / 1e6:.0f} MB"
