"""A test that leaves something behind fails: threads, processes, descriptors, image stores, sockets.

What counts is the difference to the state at the test's start: fixtures of a wider scope may hold what they
like. Native threads are not counted as such, because the pools of torch and OpenMP rightly stay once they are
made; a ZeroMQ context that was not ended shows by the descriptors of its threads.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import stat
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import psutil
import pytest

from support.environment import SESSION_VARIABLE, runtime_dirs, session_root

PATIENCE_S = 3.0
"""How long something may take to go away after the test: a ZeroMQ socket is closed in the background."""

_SHARED_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Holdings:
    """What this process and its family hold, each thing as a countable line of text."""

    threads: Counter[str]
    processes: Counter[str]
    descriptors: Counter[str]
    files: Counter[str]

    def beyond(self, earlier: Holdings) -> list[str]:
        """What is here and was not there, one line each."""
        gone = []
        for field in fields(self):
            extra = getattr(self, field.name) - getattr(earlier, field.name)
            gone += [f"{field.name}: {what}" for what in sorted(extra.elements())]
        return gone


def holdings() -> Holdings:
    """Look around now."""
    return Holdings(
        threads=Counter(f"{thread.name} ({id(thread):#x})" for thread in threading.enumerate()),
        processes=Counter(_describe(process) for process in family()),
        descriptors=_descriptors(),
        files=_files(),
    )


def family() -> list[psutil.Process]:
    """Living processes that this test session started, those that detached themselves included."""
    mine = {process.pid: process for process in psutil.Process().children(recursive=True)}
    mine |= {process.pid: process for process in psutil.process_iter() if _is_marked(process)}
    mine.pop(os.getpid(), None)
    return [process for process in mine.values() if _is_alive(process)]


def _is_marked(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error, OSError):
        return bool(process.environ().get(SESSION_VARIABLE) == os.environ[SESSION_VARIABLE])
    return False


def _is_alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    return False


def _describe(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return f"{process.pid} {' '.join(process.cmdline())[:200]}"
    return str(process.pid)


def _descriptors() -> Counter[str]:
    open_now: Counter[str] = Counter()
    for entry in Path("/proc/self/fd").glob("*"):
        with contextlib.suppress(OSError):
            open_now[str(entry.readlink())] += 1
    return Counter({what: count for what, count in open_now.items() if not what.startswith("/proc/")})


def _files() -> Counter[str]:
    """Image stores in shared memory, and sockets, of the runtime directories of this session.

    Shared memory is every program's; what is not ours by its name is not looked at.
    """
    stores = (_SHARED_MEMORY / store_name(runtime) for runtime in runtime_dirs())
    # A daemon may be removing what is walked through; `os.walk` does not mind, `Path.rglob` would.
    below = (Path(folder, name) for folder, _, names in os.walk(session_root()) for name in names)
    return Counter(str(path) for path in (*stores, *filter(_is_socket, below)) if path.exists())


def store_name(runtime: Path) -> str:
    """How the daemon of a runtime directory names its image store in shared memory."""
    return "photostyle-" + hashlib.sha256(os.fsencode(runtime)).hexdigest()[:12]


def _is_socket(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return stat.S_ISSOCK(path.lstat().st_mode)
    return False


def leaks_since(earlier: Holdings) -> list[str]:
    """What is held beyond `earlier`, once patience has not made it go away."""
    deadline = time.monotonic() + PATIENCE_S
    while (left := holdings().beyond(earlier)) and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.05)
    return left


def end_processes_since(earlier: Holdings) -> None:
    """End what a leaking test started, so that the tests after it start clean."""
    strays = [process for process in family() if _describe(process) not in earlier.processes]
    for process in strays:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(strays, timeout=5)


@pytest.fixture(autouse=True)
def no_leaks() -> Iterator[None]:
    """Fail the test when it leaves something behind."""
    earlier = holdings()
    yield
    if left := leaks_since(earlier):
        end_processes_since(earlier)
        pytest.fail("the test left behind:\n  " + "\n  ".join(left), pytrace=False)
