"""Shipped checkpoints are what was recorded, or are refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from photostyle.models import store
from photostyle_protocol.errors import JobFailedError

NAMES = tuple(store.expected_digests())


def test_every_shipped_checkpoint_is_recorded() -> None:
    assert set(NAMES) == {path.name for path in store.folder().glob("*.safetensors")}


@pytest.mark.parametrize("name", NAMES)
def test_shipped_checkpoints_are_whole(name: str) -> None:
    assert store.read_model(name) == (store.folder() / name).read_bytes()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped models that may be damaged."""
    copy = shutil.copytree(store.folder(), tmp_path / "models")
    monkeypatch.setenv("PHOTOSTYLE_MODELS", str(copy))
    return copy


@pytest.mark.parametrize("damage", ["bit", "cut", "longer", "empty", "unrecorded"])
def test_a_damaged_checkpoint_is_refused(folder: Path, damage: str) -> None:
    name = NAMES[0]
    data = (folder / name).read_bytes()
    flipped = data[:-5] + bytes([data[-5] ^ 1]) + data[-4:]
    changed = {"bit": flipped, "cut": data[:-1], "longer": data + b"\0", "empty": b""}.get(damage, data)
    asked = "mine.safetensors" if damage == "unrecorded" else name
    (folder / asked).write_bytes(changed)
    with pytest.raises(JobFailedError, match="damaged") as caught:
        store.read_model(asked)
    assert asked in caught.value.message
    assert "PHOTOSTYLE_MODELS" in caught.value.hint


def test_a_missing_checkpoint_is_named(folder: Path) -> None:
    (folder / NAMES[0]).unlink()
    with pytest.raises(JobFailedError, match="cannot be read") as caught:
        store.read_model(NAMES[0])
    assert NAMES[0] in caught.value.message


def test_a_model_of_one_s_own_is_read_once_it_is_recorded(folder: Path) -> None:
    mine = folder / "mine.safetensors"
    mine.write_bytes(b"anything at all")
    store.record(mine)
    assert store.read_model("mine.safetensors") == b"anything at all"
    assert store.read_model(NAMES[0])


def test_what_one_s_own_training_did_not_make_is_the_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = store.read_model(NAMES[0])
    (tmp_path / "mine.safetensors").write_bytes(b"anything at all")
    store.record(tmp_path / "mine.safetensors")
    monkeypatch.setenv("PHOTOSTYLE_MODELS", str(tmp_path))
    assert store.read_model("mine.safetensors") == b"anything at all"
    assert store.read_model(NAMES[0]) == shipped


@pytest.mark.parametrize("listed", [None, "", "{"])
def test_a_folder_without_a_list_is_refused(folder: Path, listed: str | None) -> None:
    digests = folder / "digests.json"
    digests.unlink() if listed is None else digests.write_text(listed)
    with pytest.raises(JobFailedError, match="no models in") as caught:
        store.read_model(NAMES[0])
    assert str(folder) in caught.value.message
