"""The manifest survives whatever kills a batch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from photostyle.batch.manifest import Manifest, done_before, manifest_path
from photostyle.batch.record import Done, Record
from photostyle.batch.shard import Shard
from photostyle_protocol.errors import OutputError


def record(job: str, status: str = "done", output: str | None = "o") -> Record:
    return Record(job, status, "k", {}, {}, "1", "now", 0.5, output)  # type: ignore[arg-type]


def test_what_is_done_is_remembered_and_nothing_else(tmp_path: Path) -> None:
    with Manifest(manifest_path(tmp_path, None)) as manifest:
        manifest.add(record("ä.png"))
        manifest.add(record("b.png", "failed", None))
    with Manifest(manifest_path(tmp_path, Shard(2, 3))) as manifest:
        manifest.add(record("c.png"))
    assert done_before(tmp_path) == {"ä.png": [Done("k", "o")], "c.png": [Done("k", "o")]}


@pytest.mark.parametrize("cut", [1, 20, 100])
def test_a_torn_line_costs_only_itself(tmp_path: Path, cut: int) -> None:
    path = manifest_path(tmp_path, None)
    with Manifest(path) as manifest:
        manifest.add(record("a.png"))
        manifest.add(record("b.png"))
    path.write_bytes(path.read_bytes()[:-cut])
    with Manifest(path) as manifest:
        manifest.add(record("c.png"))
    assert set(done_before(tmp_path)) >= {"a.png", "c.png"}
    lines = path.read_text().splitlines()
    assert json.loads(lines[-1])["job"] == "c.png"


def test_lines_that_are_none_are_passed_over(tmp_path: Path) -> None:
    manifest_path(tmp_path, None).write_bytes(b'\xff\xfe\n[1]\n"x"\n{"status": "done", "job": 1}\n\n')
    assert done_before(tmp_path) == {}


def test_two_batches_cannot_write_one_manifest(tmp_path: Path) -> None:
    path = manifest_path(tmp_path, None)
    with Manifest(path), pytest.raises(OutputError, match="Another batch"):
        Manifest(path)
    Manifest(path).__exit__(None, None, None)


def test_leftovers_go_unless_another_shard_works(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    left = tmp_path / "sub" / ".photostyle-0123456789ab.part"
    left.touch()
    with Manifest(manifest_path(tmp_path, Shard(1, 2))) as manifest:
        with Manifest(manifest_path(tmp_path, Shard(2, 2))):
            manifest.clean()
            assert left.exists()
        manifest.clean()
    assert not left.exists()


def test_a_folder_that_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file"):
        Manifest(manifest_path(tmp_path / "file", None))
