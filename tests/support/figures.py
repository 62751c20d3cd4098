"""What a daemon and its worker hold, to be compared later."""

from __future__ import annotations

import psutil


def figures(daemon: int, worker: int) -> dict[str, int]:
    """Memory, open files and threads of two processes."""
    found = {}
    for name, pid in (("daemon", daemon), ("worker", worker)):
        process = psutil.Process(pid)
        found[f"{name} MiB"] = process.memory_info().rss >> 20
        found[f"{name} files"] = process.num_fds()
        found[f"{name} threads"] = process.num_threads()
    return found


def grown(before: dict[str, int], after: dict[str, int], mebibytes: int) -> list[str]:
    """What is more than it was, memory by more than so much."""
    allowed = {name: mebibytes if "MiB" in name else 0 for name in before}
    return [f"{name}: {before[name]} → {after[name]}" for name in before if after[name] > before[name] + allowed[name]]
