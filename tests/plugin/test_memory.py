"""What is remembered, and that nothing of it can hurt."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from photostyle_plugin.choices import Choices
from photostyle_plugin.memory import RECENT, Memory
from support.daemon import environment

DAMAGED = [b"", b"{", b"[1, 2]", b"null", b"\xff\xfe", b'"text"', b'{"recent": 7, "pinned": {"a": 1}}', b"[" * 100_000]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "settings")


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    paths = [tmp_path / f"{index}.png" for index in range(4)]
    for path in paths:
        path.touch()
    return [str(path) for path in paths]


def test_nothing_yet(memory: Memory, tmp_path: Path) -> None:
    assert memory.recent_styles() == []
    assert memory.pinned_styles() == []
    assert memory.presets() == {}
    assert memory.last_choices() == Choices()
    assert not (tmp_path / "settings").exists(), "looking writes nothing"


def test_recent_styles(memory: Memory, pictures: list[str]) -> None:
    for path in (*pictures, pictures[1]):
        memory.remember_style(path)
    assert memory.recent_styles() == [pictures[1], pictures[3], pictures[2], pictures[0]]
    Path(pictures[3]).unlink()
    assert memory.recent_styles() == [pictures[1], pictures[2], pictures[0]]
    memory.forget_style(pictures[2])
    assert memory.recent_styles() == [pictures[1], pictures[0]]


def test_only_so_many(memory: Memory, tmp_path: Path) -> None:
    for index in range(RECENT + 5):
        path = tmp_path / f"{index}.jpg"
        path.touch()
        memory.remember_style(str(path))
    assert len(memory.recent_styles()) == RECENT


def test_pinned_styles(memory: Memory, pictures: list[str]) -> None:
    for path in pictures:
        memory.remember_style(path)
    memory.pin_style(pictures[0])
    memory.pin_style(pictures[2])
    memory.pin_style(pictures[0])
    assert memory.pinned_styles() == [pictures[2], pictures[0]]
    assert memory.recent_styles() == [pictures[3], pictures[1]], "what is pinned is not shown twice"
    memory.unpin_style(pictures[2])
    assert memory.pinned_styles() == [pictures[0]]
    assert pictures[2] in memory.recent_styles()


def test_presets(memory: Memory, tmp_path: Path) -> None:
    strong, soft = Choices(method="pitie", options={"iterations": 30}), Choices(strength=0.3)
    memory.save_preset("über", strong)
    memory.save_preset("Abend", soft)
    memory.save_preset("über", soft)
    other = Memory(tmp_path / "settings")
    assert list(other.presets().items()) == [("Abend", soft), ("über", soft)]
    other.delete_preset("Abend")
    other.delete_preset("no such")
    assert memory.presets() == {"über": soft}


def test_last_choices(memory: Memory) -> None:
    chosen = Choices(strength=0.25, area="layer")
    memory.remember_choices(chosen)
    assert memory.last_choices() == chosen


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_set_aside(memory: Memory, tmp_path: Path, pictures: list[str], content: bytes) -> None:
    folder = tmp_path / "settings"
    folder.mkdir()
    for name in ("styles", "presets", "last"):
        (folder / f"{name}.json").write_bytes(content)
    assert memory.recent_styles() == []
    memory.presets()
    memory.last_choices()
    memory.remember_style(pictures[0])
    memory.save_preset("a", Choices())
    memory.remember_choices(Choices(strength=0.5))
    assert memory.recent_styles() == [pictures[0]]
    assert memory.presets()["a"] == Choices()
    assert memory.last_choices().strength == 0.5
    if not content.startswith(b'{"'):
        assert (folder / "styles.damaged.json").read_bytes() == content


def test_a_folder_that_cannot_be_written(tmp_path: Path, pictures: list[str]) -> None:
    (tmp_path / "file").touch()
    memory = Memory(tmp_path / "file" / "settings")
    memory.remember_style(pictures[0])
    memory.save_preset("a", Choices())
    assert memory.recent_styles() == []
    assert memory.presets() == {}


WRITER = """
import sys
from pathlib import Path
from photostyle_plugin.choices import Choices
from photostyle_plugin.memory import Memory
memory = Memory(Path(sys.argv[1]))
for index in range(60):
    memory.save_preset(f"{sys.argv[2]} {index}", Choices(strength=index / 60))
    memory.presets()
"""


def test_writers_at_the_same_time(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen([*command, name], env=environment()) for name in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert [path.name for path in tmp_path.iterdir()] == ["presets.json"], "whole files, nothing damaged, no litter"
    saved = json.loads((tmp_path / "presets.json").read_text())
    assert any(name.endswith(" 59") for name in saved), "the last word stands"
    assert len(Memory(tmp_path).presets()) == len(saved) > 20
