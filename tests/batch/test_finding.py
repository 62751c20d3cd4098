"""Which photographs are meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from photostyle.batch.finding import find_pictures
from photostyle_protocol.errors import BadInputError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    names = ("b.JPG", "a.png", "notes.txt", ".hidden.png", "x/c.tiff", "x/y/d.webp", ".cache/e.png", "out/a.png")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def found(tree: Path, *words: str, recursive: bool = False) -> list[tuple[str, str]]:
    pictures = find_pictures([str(tree / word) for word in words], recursive, tree / "out")
    return [(path.relative_to(tree).as_posix(), folder.as_posix()) for path, folder in pictures]


def test_a_folder_gives_its_pictures(tree: Path) -> None:
    assert found(tree, "") == [("a.png", "."), ("b.JPG", ".")]


def test_folders_of_folders_are_kept_and_results_are_no_input(tree: Path) -> None:
    below = [("a.png", "."), ("b.JPG", "."), ("x/c.tiff", "x"), ("x/y/d.webp", "x/y")]
    assert found(tree, "", recursive=True) == below


def test_results_may_go_beside_the_folder(tree: Path) -> None:
    assert [found.path.name for found in find_pictures([str(tree / "x")], False, tree)] == ["c.tiff"]
    with pytest.raises(BadInputError, match="also the folder of results"):
        find_pictures([str(tree)], False, tree)


def test_a_file_may_be_called_anything_and_counts_once(tree: Path) -> None:
    assert found(tree, "notes.txt", "a.png", "a.png") == [("notes.txt", "."), ("a.png", ".")]


def test_a_pattern_keeps_the_folders_behind_its_first_wildcard(tree: Path) -> None:
    assert found(tree, "x/**/*.*") == [("x/c.tiff", "."), ("x/y/d.webp", "y")]
    assert found(tree, "*.[Jj][Pp][Gg]") == [("b.JPG", ".")]


@pytest.mark.parametrize("word", ["missing.png", "*.xyz", "*.txt"])
def test_what_means_nothing_is_refused(tree: Path, word: str) -> None:
    with pytest.raises(BadInputError):
        find_pictures([str(tree / word)], False, tree / "out")
