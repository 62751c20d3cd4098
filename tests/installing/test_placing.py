"""Files that are put into a profile, renewed and taken out again, among files that are the person's."""

from __future__ import annotations

import os
import py_compile
from pathlib import Path

import pytest

from photostyle.installing.placing import Change, Parcel, place, take_away
from photostyle.installing.receipt import NAME, Receipt, read_receipt
from photostyle_protocol.errors import OutputError

HOME = "plug-ins/style"
MAIN = f"{HOME}/style.py"
OLD = {MAIN: b"main 1", f"{HOME}/image.py": b"image 1", f"{HOME}/help/index.html": b"help", "plug-ins/style.note": b"1"}
NEW = {MAIN: b"main 1", f"{HOME}/image.py": b"image 2", f"{HOME}/vendor/pure/x.py": b"x", "plug-ins/style.note": b"1"}


def parcel(files: dict[str, bytes]) -> Parcel:
    return Parcel(HOME, files, MAIN)


def tree(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file() and path.name != NAME)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A profile that other plug-ins live in."""
    (tmp_path / "plug-ins/other").mkdir(parents=True)
    (tmp_path / "plug-ins/other/other.py").write_bytes(b"other")
    return tmp_path


OTHER = {"plug-ins/other/other.py": b"other"}


def test_put_in_and_taken_out(root: Path) -> None:
    change = place(root, parcel(OLD), "1")
    assert sorted(change.written) == sorted(OLD)
    assert tree(root) == {**OTHER, **OLD}
    assert read_receipt(root / HOME / NAME) == Receipt.of("1", OLD)
    change = take_away(root, HOME)
    assert sorted(change.removed) == sorted(OLD)
    assert tree(root) == OTHER
    assert sorted(path.name for path in (root / "plug-ins").iterdir()) == ["other"]


def test_a_second_time_nothing_is_done(root: Path) -> None:
    place(root, parcel(OLD), "1")
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*.py")}
    assert place(root, parcel(OLD), "1") == Change()
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*.py")} == before


def test_only_the_main_file_is_executable(root: Path) -> None:
    place(root, parcel(OLD), "1")
    assert [path.name for path in root.rglob("*") if path.is_file() and os.access(path, os.X_OK)] == ["style.py"]
    (root / MAIN).chmod(0o644)
    assert place(root, parcel(OLD), "1") == Change(written=(MAIN,))
    assert os.access(root / MAIN, os.X_OK)


def test_a_newer_version_takes_the_place_of_an_older(root: Path) -> None:
    place(root, parcel(OLD), "1")
    change = place(root, parcel(NEW), "2")
    assert tree(root) == {**OTHER, **NEW}
    assert change.removed == (f"{HOME}/help/index.html",)
    assert not (root / HOME / "help").exists()
    assert read_receipt(root / HOME / NAME) == Receipt.of("2", NEW)


def test_the_main_file_is_new_whenever_something_is(root: Path) -> None:
    """GIMP asks a plug-in anew only when this file's time has changed."""
    place(root, parcel(OLD), "1")
    os.utime(root / MAIN, (1, 1))
    place(root, parcel(NEW), "2")
    assert (root / MAIN).stat().st_mtime > 1


def test_what_the_person_changed_is_kept(root: Path) -> None:
    place(root, parcel(OLD), "1")
    (root / HOME / "image.py").write_bytes(b"mine")
    (root / HOME / "help/index.html").write_bytes(b"my help")
    change = place(root, parcel(NEW), "2")
    assert set(change.kept) == {f"{HOME}/image.py.yours", f"{HOME}/help/index.html"}
    expected = {f"{HOME}/image.py.yours": b"mine", f"{HOME}/help/index.html": b"my help"}
    assert tree(root) == {**OTHER, **NEW, **expected}
    (root / HOME / "image.py").write_bytes(b"mine again")
    assert place(root, parcel(NEW), "2").kept == (f"{HOME}/image.py.yours-2",)


def test_what_the_person_changed_or_added_stays_when_the_rest_goes(root: Path) -> None:
    place(root, parcel(OLD), "1")
    (root / HOME / "image.py").write_bytes(b"mine")
    (root / HOME / "extra.py").write_bytes(b"added")
    change = take_away(root, HOME)
    assert set(change.kept) == {f"{HOME}/image.py", f"{HOME}/extra.py"}
    assert tree(root) == {**OTHER, f"{HOME}/image.py": b"mine", f"{HOME}/extra.py": b"added"}
    assert take_away(root, HOME) == Change()


def test_a_plug_in_that_came_another_way_is_kept_beside(root: Path) -> None:
    """Copied in by hand, so without a receipt; what is the same is taken over."""
    (root / HOME).mkdir()
    (root / MAIN).write_bytes(b"another plug-in")
    (root / HOME / "image.py").write_bytes(OLD[f"{HOME}/image.py"])
    assert place(root, parcel(OLD), "1").kept == (f"{MAIN}.yours",)
    assert tree(root) == {**OTHER, **OLD, f"{MAIN}.yours": b"another plug-in"}


def test_what_python_compiled_goes_too(root: Path) -> None:
    place(root, parcel({MAIN: b"", f"{HOME}/image.py": b""}), "1")
    py_compile.compile(str(root / HOME / "image.py"))
    assert list(root.rglob("*.pyc"))
    take_away(root, HOME)
    assert not (root / HOME).exists()


def test_an_interruption_costs_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full in the middle of an upgrade; the next try is clean, and nobody's files are moved aside."""
    place(root, parcel(OLD), "1")
    (root / HOME / "vendor").write_bytes(b"in the way of a folder")
    with pytest.raises(OutputError, match="cannot be changed"):
        place(root, parcel(NEW), "2")
    (root / HOME / "vendor").unlink()
    assert place(root, parcel(NEW), "2").kept == ()
    assert tree(root) == {**OTHER, **NEW}


def test_a_linked_folder_is_not_written_to(root: Path) -> None:
    sources = root / "checkout"
    sources.mkdir()
    (root / HOME).symlink_to(sources)
    with pytest.raises(OutputError, match="is a link"):
        place(root, parcel(OLD), "1")
    assert not list(sources.iterdir())


def test_a_linked_file_is_kept(root: Path) -> None:
    target = root / "mine.py"
    target.write_bytes(OLD[MAIN])
    (root / HOME).mkdir()
    (root / MAIN).symlink_to(target)
    assert place(root, parcel(OLD), "1").kept == (f"{MAIN}.yours",)
    assert not (root / MAIN).is_symlink()
    assert target.read_bytes() == OLD[MAIN]


@pytest.mark.parametrize("path", ["../outside.py", "/tmp/outside.py", "plug-ins/../../outside.py", "C:/outside.py"])
def test_a_receipt_cannot_lead_out_of_the_profile(root: Path, path: str) -> None:
    (root / HOME).mkdir()
    (root / HOME / NAME).write_bytes(Receipt.of("1", {path: b"x"}).to_json())
    outside = root.parent / "outside.py"
    outside.write_bytes(b"x")
    assert take_away(root, HOME) == Change()
    assert outside.exists()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"files": {}}', '{"photostyle": "1", "files": {"a": 3}}', "\xff"])
def test_a_damaged_receipt_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="latin-1")
    assert read_receipt(tmp_path / NAME) is None
