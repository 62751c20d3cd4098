"""How much memory there is: of the machine, of containers, of the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from photostyle.machine import memory
from photostyle.machine.memory import Room, memory_room

MIB = 2**20


def test_no_more_than_the_machine_has() -> None:
    room = memory_room()
    assert 0 < room.free <= room.total <= psutil.virtual_memory().total


def test_in_words() -> None:
    assert str(Room(5 * 2**29, 2**34)) == "2.5 of 16.0 GiB"
    assert str(Room(-5, 2**34)) == "0.0 of 16.0 GiB"


@pytest.mark.parametrize(
    ("line", "folder", "limit", "used"),
    [
        ("0::/box/inner", "box", "memory.max", "memory.current"),
        ("4:cpu,memory:/box/inner", "memory/box", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ],
)
def test_a_container_s_limit_counts(  # noqa: PLR0917 - pytest's
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, folder: str, limit: str, used: str
) -> None:
    (tmp_path / "own").write_text(f"{line}\n3:cpuset:/\n")
    box = tmp_path / folder
    (box / "inner").mkdir(parents=True)
    (box / "inner" / limit).write_text("max\n")
    (box / limit).write_text(f"{300 * MIB}\n")
    (box / used).write_text(f"{250 * MIB}\n")
    (box / "memory.stat").write_text(f"anon 7\ninactive_file {40 * MIB}\n")
    monkeypatch.setattr(memory, "_CGROUPS", tmp_path)
    monkeypatch.setattr(memory, "_OWN_CGROUP", tmp_path / "own")
    assert memory_room() == Room(90 * MIB, 300 * MIB)
    (box / limit).write_text("9223372036854771712\n")
    assert memory_room().total > 300 * MIB


@pytest.mark.skipif(sys.platform != "linux", reason="sets limits that other systems do not hold")
def test_the_process_s_own_limit_counts() -> None:
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30));"
        "from photostyle.machine.memory import memory_room; room = memory_room(); print(room.free, room.total)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    free, total = map(int, done.stdout.split())
    assert total == 3 << 30
    assert 0 < free < total
