"""``photostyle doctor``: what works here, what does not, and what to do about it."""

from __future__ import annotations

import platform
import stat
import sys
from collections.abc import Callable, Iterator

import typer

from photostyle.cli import exit_codes
from photostyle.cli.doctor_editors import backend_record, gimp, krita
from photostyle.cli.findings import Finding, Verdict
from photostyle_protocol.errors import DaemonUnavailableError, PhotostyleError

_LEAST_MEMORY = 2e9
_LEAST_DISK = 1e9


def doctor() -> None:
    """Check everything that Photostyle needs here; exits with 4 if something does not work."""
    verdicts = set()
    for check in CHECKS:
        for finding in _guarded(check):
            verdicts.add(finding.verdict)
            print(f"{finding.verdict.value:<5} {' '.join(filter(None, (finding.what, finding.advice)))}", flush=True)
    if Verdict.FAIL in verdicts:
        raise typer.Exit(exit_codes.FAILED)


def _guarded(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """A check that breaks is a finding, not the end of the visit."""
    try:
        yield from check()
    except PhotostyleError as error:
        yield Finding(Verdict.FAIL, error.message, error.hint)
    except Exception as error:
        yield Finding(Verdict.FAIL, f"{check.__name__.strip('_')}: {type(error).__name__}: {error}")


def _python() -> Iterator[Finding]:
    yield Finding(Verdict.OK, f"Python {platform.python_version()} at {sys.executable}")


def _torch() -> Iterator[Finding]:
    from importlib.metadata import version

    from photostyle.stylize.engine import Engine

    yield Finding(Verdict.OK, f"torch {version('torch')}, device {Engine.load().device_name}")


def _models() -> Iterator[Finding]:
    from photostyle.models.store import expected_digests, read_model

    for name in expected_digests():
        yield Finding(Verdict.OK, f"model {name}, {len(read_model(name)) / 1e3:.0f} kB, digest as recorded")


def _weights() -> Iterator[Finding]:
    from photostyle.features.weights import cache
    from photostyle.features.weights.published import PUBLISHED

    for published in PUBLISHED.values():
        found = cache.state(published)
        if found is cache.State.GOOD:
            yield Finding(Verdict.OK, f"weights of {published.title}, digest as recorded")
        elif found is cache.State.DAMAGED:
            advice = f"Fetch them again: photostyle weights fetch {published.name}"
            yield Finding(Verdict.WARN, f"The weights of {published.title} are damaged and not used.", advice)
        else:
            yield Finding(Verdict.OK, f"no weights of {published.title}; nothing needs them")


def _runtime_folder() -> Iterator[Finding]:
    from photostyle_protocol.connection import runtime_dir

    folder = runtime_dir()
    mode = stat.S_IMODE(folder.stat().st_mode)
    private = mode & 0o077 == 0 or sys.platform == "win32"
    yield Finding(
        Verdict.OK if private else Verdict.FAIL,
        f"runtime folder {folder}, mode {mode:04o}",
        "" if private else f"Others can enter it: chmod 700 {folder}",
    )


def _daemon() -> Iterator[Finding]:
    from photostyle_protocol.client import Client
    from photostyle_protocol.connection import connection_path, log_path

    if not connection_path().exists():
        yield Finding(Verdict.OK, "no daemon runs; the first job starts one")
        return
    try:
        with Client.connect(timeout=2.0) as client:
            info = client.hello()
    except DaemonUnavailableError as error:
        advice = f"Its log is {log_path()}. Replace it with: photostyle stop; photostyle serve"
        yield Finding(Verdict.WARN, error.message, advice)
        return
    verdict = Verdict.FAIL if info.worker == "failed" else Verdict.OK
    yield Finding(verdict, f"daemon {info.version}, worker {info.worker}, device {info.device}")


def _memory() -> Iterator[Finding]:
    import psutil

    free = psutil.virtual_memory().available
    enough = free >= _LEAST_MEMORY
    advice = "" if enough else "Close other programs before working on large photographs."
    yield Finding(Verdict.OK if enough else Verdict.WARN, f"{free / 1e9:.1f} GB of memory free", advice)


def _disk() -> Iterator[Finding]:
    import psutil

    from photostyle_protocol.connection import runtime_dir

    folder = runtime_dir()
    free = psutil.disk_usage(str(folder)).free
    enough = free >= _LEAST_DISK
    advice = "" if enough else "Photographs wait there for the daemon: make room."
    yield Finding(Verdict.OK if enough else Verdict.WARN, f"{free / 1e9:.1f} GB of disk free at {folder}", advice)


CHECKS = (_python, _torch, _models, _weights, _runtime_folder, _daemon, _memory, _disk, gimp, krita, backend_record)
