"""Small files are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from photostyle.imaging.whole_file import check_place, write_whole
from photostyle_protocol.errors import OutputError


def test_it_takes_the_place_of_another(tmp_path: Path) -> None:
    for data in (b"first", b"second"):
        write_whole(tmp_path / "a.look", data)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.look", b"second")]


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.look").mkdir()
    with pytest.raises(OutputError):
        write_whole(tmp_path / "a.look", b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["a.look"]


def test_places_are_checked_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "source.look").write_bytes(b"x")
    (tmp_path / "folder.look").mkdir()
    check_place(tmp_path / "new.LOOK", [tmp_path / "source.look"], ".look")
    for name in ("a.png", "a", "folder.look", "none/a.look", "source.look"):
        with pytest.raises(OutputError) as caught:
            check_place(tmp_path / name, [tmp_path / "source.look"], ".look")
        assert caught.value.hint
