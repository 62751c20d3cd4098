"""How much memory this process may still take: of the machine, of its container, and of its own limits."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

_CGROUPS = Path("/sys/fs/cgroup")
_OWN_CGROUP = Path("/proc/self/cgroup")
_NO_LIMIT = 2**60
"""What version 1 of control groups says where there is no limit."""


class Room(NamedTuple):
    """Bytes of memory.

    Attributes:
        free: What may still be taken.
        total: What there is.
    """

    free: int
    total: int

    def __str__(self) -> str:
        return f"{gibibytes(max(0, self.free))} of {gibibytes(self.total)} GiB"


def gibibytes(count: int) -> str:
    """A number of bytes for people, without its unit, GiB."""
    return f"{count / 2**30:.1f}"


def memory_room() -> Room:
    """The narrowest of all limits."""
    machine = psutil.virtual_memory()
    return min([Room(machine.available, machine.total), *_of_containers(), *_of_process()])


def _of_containers() -> Iterator[Room]:
    """Of the control groups that this process is in, and those around them; what they can give back counts as free."""
    for folder, names in _folders():
        limit, used = (_number(folder / name) for name in names)
        if limit is not None and used is not None and limit < _NO_LIMIT:
            yield Room(limit - used + _reclaimable(folder / "memory.stat"), limit)


def _folders() -> Iterator[tuple[Path, tuple[str, str]]]:
    """Each with the names of its limit and of what is used, in version 2 and in version 1."""
    for line in _lines(_OWN_CGROUP):
        _, controllers, name = line.split(":", 2)
        if controllers == "":
            root, names = _CGROUPS, ("memory.max", "memory.current")
        elif "memory" in controllers.split(","):
            root, names = _CGROUPS / "memory", ("memory.limit_in_bytes", "memory.usage_in_bytes")
        else:
            continue
        inside = Path(name.lstrip("/"))
        for part in (inside, *inside.parents):
            yield root / part, names


def _reclaimable(stat: Path) -> int:
    """Bytes of files that the system keeps there only as long as nobody needs the memory."""
    known = dict(line.split(" ", 1) for line in _lines(stat) if " " in line)
    return int(known.get("total_inactive_file", known.get("inactive_file", 0)))


def _of_process() -> Iterator[Room]:
    """What ``ulimit -v`` and ``ulimit -d`` leave."""
    if sys.platform == "win32":
        return
    import resource

    mine = psutil.Process().memory_info()
    for limit, used in ((resource.RLIMIT_AS, mine.vms), (resource.RLIMIT_DATA, getattr(mine, "data", 0))):
        most, _ = resource.getrlimit(limit)
        if most != resource.RLIM_INFINITY:
            yield Room(most - used, most)


def _number(path: Path) -> int | None:
    lines = _lines(path)
    return int(lines[0]) if lines and lines[0].isdigit() else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
