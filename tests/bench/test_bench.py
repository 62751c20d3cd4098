"""The measurement runs, and its figures fit together; what they are is another matter."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from photostyle.bench.alone import measure_alone
from photostyle.bench.ceilings import Ceilings
from photostyle.bench.clock import StageClock, Used
from photostyle.bench.measurement import ALONE, DAEMON, FILES, SLIDER, BenchPlan, Measurement
from photostyle.bench.report import tables
from photostyle.bench.run import Results, best, run_bench
from photostyle.cli import app
from photostyle.evaluation.method_spec import MethodSpec
from photostyle.stylize.engine import Engine
from photostyle_protocol.errors import PhotostyleError
from photostyle_protocol.progress import unfollowed
from support.command_line import photostyle
from support.pretended_gpu import pretended_gpu


def spun(seconds: float) -> None:
    begin = Used.now()
    while Used.now().since(begin).cpu < seconds:
        math.sqrt(2)


def test_a_clock_tells_stages_and_parts_apart() -> None:
    clock = StageClock()
    with clock.part("read"):
        spun(0.02)
    with clock.computing():
        clock(0.0, "first")
        spun(0.02)
        clock(0.5, "second")
        clock(0.7, "first")
        spun(0.02)
    with clock.part("write"):
        pass
    assert list(clock.stages) == ["read", "first", "second", "write"]
    assert clock.stages["first"].cpu >= 0.04
    assert clock.stages["read"].cpu >= 0.02
    assert clock.stages["second"].cpu < clock.stages["first"].cpu


def test_files_do_not_count_in_the_sum_and_the_least_run_wins() -> None:
    slow = Measurement("a", 1, ALONE, {"read": Used(9, 9), "x": Used(1, 2), "y": Used(1, 3)}, 0)
    quick = Measurement("a", 1, ALONE, {"read": Used(99, 99), "x": Used(9, 4)}, 0)
    assert slow.total == Used(2, 5)
    assert best([slow, quick]) is quick


def test_in_one_process() -> None:
    plan = BenchPlan(("monge-kantorovich@grid", "rest", "rest@guided"), (0.01, 0.02), 1, "cpu", 0, daemon=False)
    results = run_bench(plan, unfollowed)
    assert [(m.method, m.megapixels, m.way) for m in results.measurements] == [
        (method, size, way) for size in plan.megapixels for method in plan.methods for way in (ALONE, SLIDER)
    ]
    assert min(results.ceilings) > 0
    for m in results.measurements:
        assert m.total.cpu > 0
        assert ("content features" in m.stages) == (m.method.startswith("rest") and m.way == ALONE)


def test_the_command_with_a_daemon(tmp_path: Path) -> None:
    words = ("--methods", "rest", "--sizes", "0.02", "--repeats", "1", "--device", "cpu")
    done = photostyle("bench", "-o", tmp_path / "out", *words)
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "out" / "bench.json").read_text(encoding="utf-8"))
    assert set(told["starts"]) == {"photostyle --help", "broker ready", "worker ready"}
    assert [m["way"] for m in told["measurements"]] == [ALONE, SLIDER, DAEMON]
    assert (tmp_path / "out" / "bench.png").read_bytes().startswith(b"\x89PNG")
    assert done.stdout.strip() == (tmp_path / "out" / "table.md").read_text(encoding="utf-8").strip()


def test_on_a_gpu_the_clock_counts_and_every_stage_is_done(
    tmp_path: Path, photograph_files: Mapping[str, Path], photographs: Mapping[str, Any]
) -> None:
    content = shutil.copy(photograph_files["chelsea"], tmp_path / "content.png")
    with pretended_gpu() as waits:
        engine = Engine.load("cuda")
        done = measure_alone(MethodSpec.parse("rest"), 0.1, Path(content), photographs["coffee"], engine, 0)
        about = {"device": engine.device_name}
    computed = [stage for m in done for stage in m.stages if stage not in FILES]
    assert waits["synchronize device.settle"] == len(computed)
    assert [m.device_bytes for m in done] == [3 << 20, 3 << 20]
    results = Results(about, Ceilings(1, 1, 1), {}, done, on_gpu=True)
    written = tables(results)
    assert "Pretended GPU" in written
    lines = [line.split(" | ") for line in written.splitlines() if line.startswith(("| method", "| rest"))]
    header, row = lines[:2]
    assert row[header.index("GPU MiB")] == "3"
    assert row[header.index("sum")] == row[header.index("wall")]


@pytest.mark.parametrize(
    ("words", "told"),
    [(["--sizes", "big"], "big"), (["--sizes", "0"], "size 0"), (["--methods", "rembrandt"], "rembrandt")],
)
def test_bad_input_is_refused(words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = app.run(["bench", "-o", str(tmp_path / "out"), *words])
    assert code == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_plan_names_methods_that_there_are() -> None:
    with pytest.raises(PhotostyleError):
        BenchPlan(("rest:residual=9",), (1,), 1, "cpu", 0, daemon=False)
