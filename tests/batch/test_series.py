"""A batch with one look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from photostyle.batch.series import chapter, read_series
from photostyle.stylize.engine import Engine
from photostyle_protocol.errors import BadInputError, JobCancelledError
from support.batches import FAST, planned, run_batch

Small = Mapping[str, Path]


def nothing() -> None:
    """Nobody wants it to end."""


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load("cpu")


def test_each_photograph_counts_once_and_bad_ones_not(
    shoot: Path, small: Small, tmp_path: Path, engine: Engine
) -> None:
    one = read_series(planned([shoot], tmp_path, small["rocket"]), engine, nothing)
    two = read_series(planned([shoot], tmp_path, small["rocket"], small["coffee"]), engine, nothing)
    (shoot / "bad.png").write_bytes(b"no picture")
    three = read_series(planned([shoot], tmp_path, small["rocket"]), engine, nothing)
    means = [book[chapter(FAST)].series.answers[0][0].mean.tolist() for book in (one, two, three)]
    assert means[0] == means[1] == means[2]
    assert one[chapter(FAST)].digest == two[chapter(FAST)].digest


def test_resumed_only_while_the_series_is_the_same(shoot: Path, small: Small, tmp_path: Path, engine: Engine) -> None:
    jobs, out = planned([shoot], tmp_path / "out", small["rocket"]), tmp_path / "out"
    alone = run_batch(jobs, out)
    together = run_batch(jobs, out, resume=True, book=read_series(jobs, engine, nothing))
    assert together.names("done") == alone.names("done"), "one look is another than each its own"
    assert len(run_batch(jobs, out, resume=True, book=read_series(jobs, engine, nothing)).names("skipped")) == 3
    (shoot / "a.png").write_bytes(small["coffee"].read_bytes())
    changed = run_batch(jobs, out, resume=True, book=read_series(jobs, engine, nothing))
    assert changed.names("done") == alone.names("done")


def test_regions_and_ctrl_c_end_it(shoot: Path, small: Small, tmp_path: Path, engine: Engine) -> None:
    jobs = planned([shoot], tmp_path, small["rocket"])
    mapped = [replace(job, asked=replace(job.asked, content_map=small["rocket"])) for job in jobs]
    with pytest.raises(BadInputError, match="regions"):
        read_series(mapped, engine, nothing)

    def stop() -> None:
        raise JobCancelledError("Stopped.")

    with pytest.raises(JobCancelledError):
        read_series(jobs, engine, stop)
