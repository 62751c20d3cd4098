"""The measurements as JSON, as tables and as a plot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch

from photostyle.bench.clock import Used
from photostyle.bench.measurement import ALONE, DAEMON, SLIDER, Measurement
from photostyle.bench.run import Results
from photostyle.evaluation.plots import new_plot
from photostyle.evaluation.tables import markdown
from photostyle.imaging.output_folder import make_folder
from photostyle.methods.networks.sight import Sight
from photostyle.stylize.proxy import PROXY_PIXELS

_STAGES = ("read", "reading", "style features", "content features", "decoding", "fitting the finish")
_LAST_STAGES = ("applying the finish", "write")
NETWORK_FLOP = 2 * (9_648 + 2 * 13_824 + 432)
"""Of a pixel: the encoder's five convolutions, the decoder's first four twice, and its last."""
_BELOW_A_FINISH = ("rest", "rest@grid", "rest@guided")
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
        draw(out / "bench.png", results)
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
                "device_bytes": m.device_bytes,
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
        f"{_seconds_of(results)}, stage by stage; the sum is without files. Memory is beyond what was there before, "
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
    memory = ["MiB", "GPU MiB"] if results.on_gpu else ["MiB"]
    header = ["method", "MP", *_STAGES, "other", *_LAST_STAGES, "sum", "per MP", "wall", *memory, "product", "copy"]
    rows = []
    for m in _of(results.measurements, ALONE):
        other = sum(used.counted(results.on_gpu) for name, used in m.stages.items() if name not in known)
        first, last = ([_seconds(m, name, results) for name in names] for names in (_STAGES, _LAST_STAGES))
        stages = [*first, f"{other:.3f}", *last]
        total = m.total.counted(results.on_gpu)
        sums = [f"{total:.3f}", f"{total / m.megapixels:.3f}", f"{m.total.wall:.3f}", _mebibytes(m.peak_bytes)]
        sums += [_mebibytes(m.device_bytes)] if results.on_gpu else []
        rows.append([m.method, f"{m.megapixels:g}", *stages, *sums, _of_product(m, results), _of_copy(m, results)])
    return markdown(header, rows)


def _seconds_of(results: Results) -> str:
    return "Seconds of the clock, the GPU being done" if results.on_gpu else "Seconds of the processor"


def _seconds(m: Measurement, stage: str, results: Results) -> str:
    return f"{m.stages[stage].counted(results.on_gpu):.3f}" if stage in m.stages else "–"


def _mebibytes(count: int) -> str:
    return f"{count / 2**20:.0f}"


def _of_product(m: Measurement, results: Results) -> str:
    """How much of the machine's matrix product the default method's network reaches, statistics and all."""
    if m.method not in _BELOW_A_FINISH or "content features" not in m.stages:
        return "–"
    pixels = Sight.for_finish(torch.device("cpu")).pixels_of(round(min(m.megapixels * 1e6, PROXY_PIXELS)))
    seconds = sum(m.stages[name].counted(results.on_gpu) for name in ("content features", "decoding"))
    return f"{NETWORK_FLOP * pixels / 1e9 / max(seconds, 1e-9) / results.ceilings.half:.0%}"


def _of_copy(m: Measurement, results: Results) -> str:
    """How much of a plain copy's speed the last stage reaches, which has to read and write the picture."""
    stage = m.stages.get("applying the finish")
    copying = 2 * 3 * m.megapixels * 1e6 / 1e9 / results.ceilings.copy
    return "–" if stage is None else f"{copying / max(stage.counted(results.on_gpu), 1e-9):.1%}"


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
        sums = [f"{total.cpu:.3f}", f"{total.wall:.3f}", over[1], over[0], _mebibytes(m.peak_bytes)]
        rows.append([m.method, f"{m.megapixels:g}", *stages, *sums])
    walls = [f"{name} (wall)" for name in _OF_DAEMON]
    return markdown(["method", "MP", *walls, "CPU-s", "wall", "CPU over alone", "wall over alone", "MiB"], rows)


def draw(path: Path, results: Results) -> None:
    """Seconds that count by size, one line for each method and way.

    Raises:
        ImportError: matplotlib is not installed.
    """
    figure, plot = new_plot(f"{_seconds_of(results)}, by picture size", "megapixels", "seconds")
    for method in dict.fromkeys(m.method for m in results.measurements):
        for way, style in ((ALONE, "o-"), (DAEMON, "s--"), (SLIDER, "^:")):
            of_way = (m for m in _of(results.measurements, way) if m.method == method)
            points = [(m.megapixels, m.total.counted(results.on_gpu)) for m in of_way]
            if points:
                plot.plot(*zip(*points, strict=True), style, label=f"{method}, {way}")
    plot.set_xscale("log")
    plot.set_yscale("log")
    plot.legend()
    figure.savefig(path)
