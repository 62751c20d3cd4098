"""An evaluation from a folder of pairs to its table, curves, sheets and page."""

from __future__ import annotations

import csv
import math
import re
import statistics
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
import torch
from PIL import Image

from photostyle.evaluation.cases import Benchmark, Case
from photostyle.evaluation.choices import Choices, plan
from photostyle.evaluation.contestants import Look, Untouched
from photostyle.evaluation.measures import registry
from photostyle.evaluation.measures.ssim_volume import ssim_volume
from photostyle.evaluation.pair_folder import PairFolder
from photostyle.evaluation.photograph_folder import PhotographFolder
from photostyle.evaluation.picture_folder import picture_files
from photostyle.evaluation.report import write_report
from photostyle.evaluation.run import LeftOut, Run
from photostyle.stylize.pixels import to_rgb
from photostyle_protocol.errors import BadInputError
from photostyle_protocol.progress import Progress, unfollowed
from support.imports import REPOSITORY

METHODS = ("monge-kantorovich", "reinhard", "pitie:iterations=2@grid/none")
MEASURES = ("ssim", "color-region")
STRENGTHS = (0.5, 1.0)


def evaluate(benchmark: Benchmark, out: Path, **chosen: object) -> tuple[str, Run]:
    """The table's text, and the run."""
    wanted = {"methods": METHODS, "measures": MEASURES, "strengths": STRENGTHS, "device": "cpu", **chosen}
    run = Run(plan(benchmark, Choices(**wanted), out))  # type: ignore[arg-type]
    run.finish(unfollowed)
    return write_report(run), run


def lines_of(out: Path) -> list[dict[str, str]]:
    with (out / "results.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def tables_of(text: str) -> list[list[list[str]]]:
    """The cells of each table, without the rule under the header."""
    found: list[list[list[str]]] = [[]]
    for line in text.splitlines():
        if line.startswith("| ---"):
            continue
        if line.startswith("|"):
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
        elif found[-1]:
            found.append([])
    return [table for table in found if table]


def mean_of(lines: list[dict[str, str]], method: str, strength: float, measure: str) -> float:
    return statistics.fmean(
        float(line[measure])
        for line in lines
        if line["method"] == method and float(line["strength"]) == strength and line[measure]
    )


@pytest.fixture
def whole(pair_folder: Path, tmp_path: Path) -> tuple[str, Path]:
    out = tmp_path / "out"
    return evaluate(PairFolder(pair_folder), out)[0], out


def test_every_case_method_and_strength_has_a_line(whole: tuple[str, Path]) -> None:
    lines = lines_of(whole[1])
    found = [(line["case"], line["method"], float(line["strength"])) for line in lines]
    expected = [
        (case, method, strength)
        for case in ("2", "10", "a")
        for method in ("untouched", *METHODS)
        for strength in ([0.0] if method == "untouched" else STRENGTHS)
    ]
    assert found == expected
    assert all(bool(line["color-region"]) == (line["case"] != "a") for line in lines), "case a has no regions"
    assert all(bool(line["cpu_seconds"]) == (line["method"] != "untouched") for line in lines)


def test_the_tables_say_what_the_lines_say(whole: tuple[str, Path]) -> None:
    text, out = whole
    assert text == (out / "table.md").read_text(encoding="utf-8")
    lines, (means, along, at_marks, _worst) = lines_of(out), tables_of(text)
    assert means[0][:3] == ["method", "ssim ↑", "color-region ↓ (n = 2)"]
    for cells in means[1:]:
        strength = 0.0 if cells[0] == "untouched" else 1.0
        for cell, measure in zip(cells[1:3], MEASURES, strict=True):
            assert cell.strip("*") == f"{mean_of(lines, cells[0], strength, measure):.4f}"
    for cells in along[2:]:
        expected = [f"{mean_of(lines, cells[0], 0.5, m):.4f}" for m in MEASURES]
        assert cells[2] == " / ".join(expected)
    for cells in at_marks[1:]:
        points = sorted(
            (mean_of(lines, method, strength, "ssim"), mean_of(lines, method, strength, "color-region"))
            for method, strength in (("untouched", 0.0), (cells[0], 0.5), (cells[0], 1.0))
        )
        for cell, mark in zip(cells[1:], (0.40, 0.43, 0.6218), strict=True):
            inside = points[0][0] <= mark <= points[-1][0]
            assert cell == (f"{np.interp(mark, *zip(*points, strict=True)):.4f}" if inside else "–")
    assert any(cell != "–" for cells in at_marks[1:] for cell in cells[1:])


def test_only_the_best_is_bold_and_the_untouched_does_not_compete(whole: tuple[str, Path]) -> None:
    means = tables_of(whole[0])[0]
    for column, better in ((1, max), (2, min)):
        figures = {cells[0]: float(cells[column].strip("*")) for cells in means[2:]}
        bold = {cells[0] for cells in means[1:] if cells[column].startswith("**")}
        assert bold == {name for name, figure in figures.items() if figure == better(figures.values())}


def test_the_worst_case_is_named(whole: tuple[str, Path]) -> None:
    lines, worst = lines_of(whole[1]), tables_of(whole[0])[3]
    for cells in worst[1:]:
        own = [line for line in lines if line["method"] == cells[0] and line["strength"] == "1.0"]
        lowest = min(own, key=lambda line: float(line["ssim"]))
        assert cells[1] == f"{float(lowest['ssim']):.4f} ({lowest['case']})"


def test_the_pictures_are_those_that_were_measured(whole: tuple[str, Path]) -> None:
    for line in lines_of(whole[1]):
        if line["method"] == "reinhard" and line["strength"] == "1.0":
            result, content = (
                to_rgb(
                    np.asarray(Image.open(whole[1] / "pictures" / kind / f"{line['case']}.png")), torch.device("cpu")
                )
                for kind in ("reinhard", "content")
            )
            assert ssim_volume(result, content) == pytest.approx(float(line["ssim"]), abs=1e-9)


class Links(HTMLParser):
    """Everything that a page asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets += [value for name, value in attrs if name in {"href", "src", "action", "data"} and value]


def test_the_page_needs_nothing_from_elsewhere(whole: tuple[str, Path]) -> None:
    text = (whole[1] / "index.html").read_text(encoding="utf-8")
    links = Links()
    links.feed(text)
    assert len([t for t in links.targets if t.endswith(".png")]) >= 2 * 3 * (2 + len(METHODS))
    assert not [t for t in links.targets if ":" in t or t.startswith("/") or not (whole[1] / unquote(t)).is_file()]
    assert not re.search(r"https?:|@import|url\(", text)


def test_sheets_and_curves_are_pictures(whole: tuple[str, Path]) -> None:
    for name in ("sheet-1.png", "curves.png"):
        with Image.open(whole[1] / name) as picture:
            assert picture.width > 400
            assert np.asarray(picture.convert("L")).std() > 5


def test_without_matplotlib_the_curves_are_left_out_with_a_sentence(
    pair_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    text, _ = evaluate(PairFolder(pair_folder), tmp_path / "out", methods=METHODS[:1])
    assert "pip install 'photostyle[evaluate]'" in text
    assert not (tmp_path / "out" / "curves.png").exists()


def test_what_is_broken_is_named_and_counted_and_the_rest_is_judged(pair_folder: Path, tmp_path: Path) -> None:
    broken = pair_folder / "style" / "2.png"
    broken.write_bytes(broken.read_bytes()[:200])
    results = tmp_path / "theirs"
    results.mkdir()
    for case in ("2", "10"):
        content = Image.open(pair_folder / "content" / f"{case}.png")
        (content if case == "2" else content.resize((40, 30))).save(results / f"{case}.png")
    text, run = evaluate(PairFolder(pair_folder), tmp_path / "out", methods=METHODS[:1], results={"theirs": results})
    assert [(left.case, left.method) for left in run.left_out] == [("2", ""), ("10", "theirs"), ("a", "theirs")]
    assert "Left out: 3" in text
    assert f"{broken} is damaged" in text
    assert "40 × 30" in text
    assert "Without any result: theirs." in text
    assert {line["case"] for line in lines_of(tmp_path / "out")} == {"10", "a"}


class OutOfMemory(Untouched):
    """Fails on one case, in the way of torch."""

    name = "hungry"

    def look(self, case: Case, progress: Progress) -> Look:
        if case.name == "10":
            raise RuntimeError("out of memory\nwith a long story")
        return super().look(case, progress)


def test_a_method_that_fails_on_a_case_does_not_end_the_night(pair_folder: Path, tmp_path: Path) -> None:
    asked = plan(PairFolder(pair_folder), Choices(METHODS[:1], MEASURES, device="cpu"), tmp_path / "out")
    run = Run(replace(asked, contestants=[OutOfMemory(), *asked.contestants]))
    run.finish(unfollowed)
    assert run.left_out == [LeftOut("10", "hungry", "out of memory")]
    text = write_report(run)
    assert "- 10 (hungry): out of memory" in text
    assert "# pairs: 2 of 3 cases" in text, "means are over the cases that all have"
    assert len(lines_of(tmp_path / "out")) == 3 + 3 + 2


def test_a_repaired_picture_is_judged_by_the_same_command(pair_folder: Path, tmp_path: Path) -> None:
    broken = pair_folder / "content" / "10.png"
    whole = broken.read_bytes()
    broken.write_bytes(b"no picture")
    first, _ = evaluate(PairFolder(pair_folder), tmp_path / "out", methods=METHODS[:1])
    assert "# pairs: 2 of 3 cases" in first
    broken.write_bytes(whole)
    second, run = evaluate(PairFolder(pair_folder), tmp_path / "out", methods=METHODS[:1])
    assert "# pairs: 3 of 3 cases" in second
    assert not run.left_out


def test_what_was_judged_is_not_judged_again(pair_folder: Path, tmp_path: Path) -> None:
    first, _ = evaluate(PairFolder(pair_folder), tmp_path / "out", methods=METHODS[:1])
    before = (tmp_path / "out" / "results.csv").read_bytes()
    again, _ = evaluate(PairFolder(pair_folder), tmp_path / "out", methods=METHODS[:1])
    assert again == first
    assert (tmp_path / "out" / "results.csv").read_bytes() == before, "with other seconds, had it been done again"
    more, _ = evaluate(PairFolder(pair_folder), tmp_path / "out", methods=METHODS[:2])
    assert (tmp_path / "out" / "results.csv").read_bytes().startswith(before)
    assert [cells[0] for cells in tables_of(more)[0][1:]] == ["untouched", *METHODS[:2]]


@pytest.mark.parametrize(
    "other", [{"measures": ("ssim",)}, {"strengths": (1.0,)}, {"measures": ("ssim", "color-region", "gram")}]
)
def test_another_evaluation_is_not_mixed_in(pair_folder: Path, tmp_path: Path, other: dict[str, object]) -> None:
    evaluate(PairFolder(pair_folder), tmp_path / "out", methods=METHODS[:1])
    before = (tmp_path / "out" / "results.csv").read_bytes()
    with pytest.raises(BadInputError, match=f"another kind \\({next(iter(other))}: "):
        evaluate(PairFolder(pair_folder), tmp_path / "out", **other)
    assert (tmp_path / "out" / "results.csv").read_bytes() == before


def test_finished_pictures_are_judged_as_the_method_that_made_them(pair_folder: Path, tmp_path: Path) -> None:
    evaluate(PairFolder(pair_folder), tmp_path / "first", methods=METHODS[:1], strengths=(1.0,))
    made = tmp_path / "first" / "pictures" / "monge-kantorovich"
    evaluate(PairFolder(pair_folder), tmp_path / "second", methods=[], results={"mk": made}, strengths=(1.0,))
    first, second = (
        [[line[m] for m in MEASURES] for line in lines_of(tmp_path / out) if line["method"] != "untouched"]
        for out in ("first", "second")
    )
    assert first == second


@pytest.mark.parametrize("names", [("rest/none", "rest-none"), ("style", "x")])
def test_two_contestants_do_not_share_a_column(pair_folder: Path, tmp_path: Path, names: tuple[str, str]) -> None:
    results = dict.fromkeys(names, pair_folder / "content")
    with pytest.raises(BadInputError, match="one column"):
        evaluate(PairFolder(pair_folder), tmp_path / "out", methods=[], results=results)


def test_pairs_without_any_maps(pair_folder: Path, tmp_path: Path) -> None:
    for kind in ("content", "style"):
        (pair_folder / f"{kind}_segmentation").rename(tmp_path / kind)
    text, _ = evaluate(PairFolder(pair_folder), tmp_path / "out", methods=METHODS[:1], measures=("ssim", "gram"))
    means, along = tables_of(text)[:2]
    assert means[0][1:3] == ["ssim ↑", "gram ↓"]
    assert along[0][0] == "ssim / gram"


def test_a_map_without_its_partner_is_named(pair_folder: Path, tmp_path: Path) -> None:
    (pair_folder / "style_segmentation" / "10.png").unlink()
    _, run = evaluate(PairFolder(pair_folder), tmp_path / "out", methods=METHODS[:1])
    assert [(left.case, "style_segmentation" in left.reason) for left in run.left_out] == [("10", True)]


def test_a_photograph_in_its_own_style_comes_back(pair_folder: Path, tmp_path: Path) -> None:
    benchmark = PhotographFolder(pair_folder / "content", "self", 64)
    truth = ("psnr", "delta-e")
    evaluate(benchmark, tmp_path / "out", methods=("rest",), measures=truth, strengths=(1.0,), untouched=False)
    lines = lines_of(tmp_path / "out")
    assert len(lines) == 3
    assert all(float(line["psnr"]) > 30 and float(line["delta-e"]) < 3 for line in lines)


def test_graded_photographs_are_compared_with_the_known_answer(pair_folder: Path, tmp_path: Path) -> None:
    benchmark = PhotographFolder(pair_folder / "content", "graded", 64)
    truth = ("psnr", "ssim-truth", "delta-e")
    text, _ = evaluate(benchmark, tmp_path / "out", methods=("reinhard",), measures=truth)
    means, along = tables_of(text)[:2]
    untouched, reinhard = (float(cells[3].strip("*")) for cells in means[1:3])
    assert 6 <= untouched <= 22
    assert reinhard < untouched
    assert along[0][0] == "psnr / delta-e"
    assert not (tmp_path / "out" / "curves.png").exists(), "two distances to one truth are no trade-off"
    for case in ("2", "10", "a"):
        content, made = (
            np.asarray(Image.open(tmp_path / "out" / "pictures" / kind / f"{case}.png"))
            for kind in ("content", "truth")
        )
        assert max(content.shape) <= 64
        line = next(li for li in lines_of(tmp_path / "out") if (li["case"], li["method"]) == (case, "untouched"))
        error = np.mean((content / 255 - made / 255) ** 2)
        assert float(line["psnr"]) == pytest.approx(-10 * math.log10(error), abs=1e-3)


def test_files_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("b.png", "10.jpg", "9.png", "a2.png", "a10.png", "notes.txt", ".hidden.png"):
        (tmp_path / name).touch()
    assert list(picture_files(tmp_path)) == ["9", "10", "a2", "a10", "b"]


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a.png", "a.jpg"):
        (tmp_path / name).touch()
    with pytest.raises(BadInputError, match=r"two pictures named a: a\.\w+ and a\.\w+"):
        picture_files(tmp_path)


def test_the_documentation_names_every_measure() -> None:
    text = (REPOSITORY / "docs" / "evaluation.md").read_text(encoding="utf-8")
    assert not [name for name in registry.names() if f"`{name}`" not in text]


def test_all_is_every_measure_that_needs_no_truth(pair_folder: Path, tmp_path: Path) -> None:
    measures = plan(PairFolder(pair_folder), Choices([], ["all"], device="cpu"), tmp_path).measures
    assert {m.name for m in measures} == set(registry.names()) - {"psnr", "ssim-truth", "delta-e"}
