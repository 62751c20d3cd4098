"""Whole batches in this process, with the real pipeline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import photostyle.batch.recipe
from photostyle.batch.brake import Brake
from photostyle.batch.crew import Finished
from photostyle.batch.job import Job
from photostyle.batch.manifest import Manifest, manifest_path
from photostyle.batch.record import Done, Record
from photostyle.batch.run import MOST_DEATHS, Batch
from support.batches import FAST, Heard, planned, run_batch

Small = Mapping[str, Path]
ALL = ["a.png", "b.png", "day 2/c.png"]


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*.png"))
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def manifest_of(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in manifest_path(out, None).read_text().splitlines()]


def test_all_is_done_and_written_down(shoot: Path, small: Small, tmp_path: Path) -> None:
    out = tmp_path / "out"
    heard = run_batch(planned([shoot], out, small["rocket"]), out)
    assert heard.names("done") == ALL
    assert sorted(digests(out)) == ALL
    lines = {str(line["job"]): line for line in manifest_of(out)}
    for name, digest in digests(out).items():
        assert lines[name]["output"] == digest
        content = lines[name]["inputs"]["content"]  # type: ignore[index]
        assert content == {"file": str(shoot / name), "sha256": digests(shoot)[name]}


def test_one_bad_file_costs_a_line(shoot: Path, small: Small, tmp_path: Path) -> None:
    (shoot / "bad.png").write_bytes((shoot / "a.png").read_bytes()[:500])
    (shoot / "empty.jpg").touch()
    heard = run_batch(planned([shoot], tmp_path / "out", small["rocket"]), tmp_path / "out")
    assert (heard.names("done"), heard.names("failed")) == (ALL, ["bad.png", "empty.jpg"])
    assert sorted(digests(tmp_path / "out")) == ALL
    told = sorted(str(record.error) for record in heard.tally.failures)
    assert "is damaged" in told[0]
    assert "is empty" in told[1]


def test_strict_stops(shoot: Path, small: Small, tmp_path: Path) -> None:
    jobs = planned([shoot], tmp_path / "out", small["rocket"])
    bad = replace(jobs[0], asked=replace(jobs[0].asked, content=tmp_path / "missing.png"))
    heard = run_batch([bad, *(replace(jobs[0], name=f"{n}.png") for n in range(50))], tmp_path / "out", strict=True)
    assert heard.names("failed") == ["a.png"]
    assert heard.tally.stopped


def test_resume_does_what_is_not_done(shoot: Path, small: Small, tmp_path: Path) -> None:
    out = tmp_path / "out"
    jobs = planned([shoot], out, small["rocket"])
    heard = run_batch(jobs, out, brake=Brake())
    assert heard.tally.stopped == (heard.tally.ended < 3)
    after = run_batch(jobs, out, resume=True)
    assert after.names("skipped") == heard.names("done")
    assert sorted(heard.names("done") + after.names("done")) == ALL
    assert run_batch(jobs, out, resume=True).names("skipped") == ALL
    assert len(manifest_of(out)) == 3


@pytest.fixture
def finished(shoot: Path, small: Small, tmp_path: Path) -> Callable[..., Heard]:
    """A batch that is done; called, it is resumed, with other settings or another style perhaps."""
    out, style = tmp_path / "out", tmp_path / "style.png"
    style.write_bytes(small["rocket"].read_bytes())
    run_batch(planned([shoot], out, style), out)
    return lambda settings=FAST: run_batch(planned([shoot], out, style, settings=settings), out, resume=True)


def test_a_changed_content_is_done_again(finished: Callable[..., Heard], shoot: Path, small: Small) -> None:
    (shoot / "b.png").write_bytes(small["coffee"].read_bytes())
    assert finished().names("done") == ["b.png"]


def test_a_changed_style_option_or_model_list_does_all_again(
    finished: Callable[..., Heard], small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert finished(replace(FAST, strength=0.5)).names("done") == ALL
    assert finished().names("done") == ALL
    (tmp_path / "style.png").write_bytes(small["astronaut"].read_bytes())
    assert finished().names("done") == ALL
    (tmp_path / "digests.json").write_text("{}")
    monkeypatch.setenv("PHOTOSTYLE_MODELS", str(tmp_path))
    assert finished().names("done") == ALL


def test_another_version_does_all_again(finished: Callable[..., Heard], monkeypatch: pytest.MonkeyPatch) -> None:
    assert finished().names("skipped") == ALL
    monkeypatch.setattr(photostyle.batch.recipe, "__version__", "9")
    assert finished().names("done") == ALL


def test_a_missing_or_touched_result_is_done_again(finished: Callable[..., Heard], tmp_path: Path) -> None:
    made = digests(tmp_path / "out")
    (tmp_path / "out/a.png").unlink()
    (tmp_path / "out/b.png").write_bytes(b"edited")
    assert finished().names("done") == ["a.png", "b.png"]
    assert digests(tmp_path / "out") == made


def test_a_moved_file_is_the_same(finished: Callable[..., Heard], shoot: Path, small: Small, tmp_path: Path) -> None:
    moved = shoot.rename(tmp_path / "moved")
    jobs = planned([moved], tmp_path / "out", tmp_path / "style.png")
    assert run_batch(jobs, tmp_path / "out", resume=True).names("skipped") == ALL


class Dying:
    """A crew whose worker dies of one job, each time."""

    capacity = 2

    def __init__(self, deadly: str) -> None:
        self._deadly = deadly
        self._hands: list[Job] = []

    @property
    def in_hand(self) -> int:
        return len(self._hands)

    def hand(self, job: Job, before: Sequence[Done]) -> None:
        self._hands.append(job)

    def wait(self, seconds: float) -> list[Finished]:
        deadly = any(job.name == self._deadly for job in self._hands)
        done = [Finished(job, None if deadly else _done(job)) for job in self._hands]
        self._hands.clear()
        return done

    def stop(self) -> list[Finished]:
        return []

    def close(self) -> None:
        pass


def _done(job: Job) -> Record:
    return Record(job.name, "done", "k", {}, {}, "1", "now", 0.0, "o")


def test_what_a_dead_worker_had_is_handed_out_again(shoot: Path, small: Small, tmp_path: Path) -> None:
    jobs = planned([shoot], tmp_path / "out", small["rocket"])
    heard = Heard()
    with Manifest(manifest_path(tmp_path / "out", None)) as manifest:
        Batch(Dying("b.png"), manifest, {}, heard, strict=False).run(jobs, Brake())
    assert (heard.names("done"), heard.names("failed")) == (["a.png", "day 2/c.png"], ["b.png"])
    assert f"{MOST_DEATHS} workers died" in str(heard.records[-1].error)
