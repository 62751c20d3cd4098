"""The measurements as JSON, as tables and as a plot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from photostyle.bench.clock import Used
from photostyle.bench.measurement import ALONE, DAEMON, SLIDER, Measurement
from photostyle.bench.run import Results
from photostyle.evaluation.plots import new_plot
from photostyle.evaluation.tables import markdown
from photostyle.imaging.output_folder import make_folder
from photostyle.stylize.proxy import PROXY_PIXELS

_STAGES = ("read", "reading", "style features", "content features", "decoding", "fitting the finish")
_LAST_STAGES = ("applying the finish", "write")
NETWORK_FLOP = 2 * (9_648 + 2 * 13_824 + 432)
"""Of a pixel: the encoder's five convolutions, the decoder's first four twice, and its last."""
_OF_DAEMON = ("send", "reading", "applying the finish", "fetch")


def write_results(results: Results, out: Path) -> str:
    """Write ``bench.json``, ``table.md``, and ``bench.png`` where matplotlib is installed.

    Returns:
        The tables' text.
    """
    make_folder(out)
    (out / "bench.json").write_text(json.dumps(_as_json(results), indent=1) + "\n", encoding="utf-8")
    text = tables(results)
    (out / "table.md").write_text(text, encoding="utf-8")
    try:
        draw(out / "bench.png", results.measurements)
    except ImportError:
        text += "\nThere is no plot: matplotlib is not installed.\n"
    return text


def _as_json(results: Results) -> dict[str, object]:
    return {
        "about": results.about,
        "ceilings": results.ceilings._asdict(),
        "starts": {name: used._asdict() for name, used in results.starts.items()},
        "measurements": [
            {
                "method": m.method,
                "megapixels": m.megapixels,
                "way": m.way,
                "total": m.total._asdict(),
                "peak_bytes": m.peak_bytes,
                "stages": {name: used._asdict() for name, used in m.stages.items()},
            }
            for m in results.measurements
        ],
    }


def tables(results: Results) -> str:
    """All of it for people."""
    head = "\n".join(f"- {name}: {value}" for name, value in results.about.items())
    most = results.ceilings
    lines = [
        "# bench",
        head,
        f"At most: {most.single:.0f} GFLOP/s (float32), {most.half:.0f} (half precision), {most.copy:.1f} GB/s copied.",
        _starts(results.starts),
        "Seconds of the processor, stage by stage; the sum is without files. Memory is beyond what was there before, "
        "with the content and the result. The last columns: how much of the machine's matrix product the network "
        "reaches, and how much of its copying speed the finish.",
        _alone(results),
    ]
    slider, daemon = (_of(results.measurements, way) for way in (SLIDER, DAEMON))
    lines += ["The same picture again with another strength:", _sums(slider)]
    if daemon:
        lines += ["Through a daemon, all processes together:", _daemon(daemon, results.measurements)]
    return "\n\n".join(lines) + "\n"


def _of(measurements: Sequence[Measurement], way: str) -> list[Measurement]:
    return [m for m in measurements if m.way == way]


def _starts(starts: dict[str, Used]) -> str:
    return markdown(["", "CPU-s", "s"], [[name, f"{u.cpu:.2f}", f"{u.wall:.2f}"] for name, u in starts.items()])


def _alone(results: Results) -> str:
    known = (*_STAGES, *_LAST_STAGES)
    header = ["method", "MP", *_STAGES, "other", *_LAST_STAGES, "sum", "per MP", "wall", "MiB", "product", "copy"]
    rows = []
    for m in _of(results.measurements, ALONE):
        other = sum(used.cpu for name, used in m.stages.items() if name not in known)
        stages = [_seconds(m, name) for name in _STAGES] + [f"{other:.3f}"] + [_seconds(m, n) for n in _LAST_STAGES]
        total = m.total
        sums = [f"{total.cpu:.3f}", f"{total.cpu / m.megapixels:.3f}", f"{total.wall:.3f}", _mebibytes(m)]
        rows.append([m.method, f"{m.megapixels:g}", *stages, *sums, _of_product(m, results), _of_copy(m, results)])
    return markdown(header, rows)


def _seconds(m: Measurement, stage: str) -> str:
    return f"{m.stages[stage].cpu:.3f}" if stage in m.stages else "–"


def _mebibytes(m: Measurement) -> str:
    return f"{m.peak_bytes / 2**20:.0f}"


def _of_product(m: Measurement, results: Results) -> str:
    """How much of the machine's matrix product the default method's network reaches, statistics and all."""
    if m.method.split("@")[0] != "rest" or "content features" not in m.stages:
        return "–"
    pixels = min(m.megapixels * 1e6, PROXY_PIXELS)
    seconds = sum(m.stages[name].cpu for name in ("content features", "decoding"))
    return f"{NETWORK_FLOP * pixels / 1e9 / max(seconds, 1e-9) / results.ceilings.half:.0%}"


def _of_copy(m: Measurement, results: Results) -> str:
    """How much of a plain copy's speed the last stage reaches, which has to read and write the picture."""
    stage = m.stages.get("applying the finish")
    copying = 2 * 3 * m.megapixels * 1e6 / 1e9 / results.ceilings.copy
    return "–" if stage is None else f"{copying / max(stage.cpu, 1e-9):.1%}"


def _sums(measurements: Sequence[Measurement]) -> str:
    rows = [[m.method, f"{m.megapixels:g}", f"{m.total.cpu:.3f}", f"{m.total.wall:.3f}"] for m in measurements]
    return markdown(["method", "MP", "CPU-s", "wall"], rows)


def _daemon(daemon: Sequence[Measurement], measurements: Sequence[Measurement]) -> str:
    alone = {(m.method, m.megapixels): m.total for m in _of(measurements, ALONE)}
    rows = []
    for m in daemon:
        own, total = alone[m.method, m.megapixels], m.total
        stages = [f"{m.stages[name].wall:.3f}" if name in m.stages else "–" for name in _OF_DAEMON]
        over = [f"{(a / max(b, 1e-9) - 1):+.0%}" for a, b in zip(total, own, strict=True)]
        sums = [f"{total.cpu:.3f}", f"{total.wall:.3f}", over[1], over[0], _mebibytes(m)]
        rows.append([m.method, f"{m.megapixels:g}", *stages, *sums])
    walls = [f"{name} (wall)" for name in _OF_DAEMON]
    return markdown(["method", "MP", *walls, "CPU-s", "wall", "CPU over alone", "wall over alone", "MiB"], rows)


def draw(path: Path, measurements: Sequence[Measurement]) -> None:
    """Seconds of the processor by size, one line for each method and way.

    Raises:
        ImportError: matplotlib is not installed.
    """
    figure, plot = new_plot("Seconds of the processor by picture size", "megapixels", "CPU-seconds")
    for method in dict.fromkeys(m.method for m in measurements):
        for way, style in ((ALONE, "o-"), (DAEMON, "s--"), (SLIDER, "^:")):
            points = [(m.megapixels, m.total.cpu) for m in _of(measurements, way) if m.method == method]
            if points:
                plot.plot(*zip(*points, strict=True), style, label=f"{method}, {way}")
    plot.set_xscale("log")
    plot.set_yscale("log")
    plot.legend()
    figure.savefig(path)
