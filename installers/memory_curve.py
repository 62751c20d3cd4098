"""How much memory pictures of growing size take, through the real program: in one process, daemon and batch."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import OpenImageIO
import psutil
import skimage.data

from photostyle_protocol.client import Client
from photostyle_protocol.connection import private_dir
from photostyle_protocol.launch import ensure_daemon

PROGRAM = (sys.executable, "-m", "photostyle.cli")
ROWS = 64
PAUSE_SECONDS = 0.02
START_SECONDS = 120.0
PANORAMA = (30_000, 20_000)
WAYS = ("no-daemon", "daemon", "batch")


Peaks = tuple[int, int, int, int, int]


class Measured(NamedTuple):
    """One run.

    Attributes:
        way: How it was run.
        megapixels: Of the picture.
        decoded: Bytes of its pixels.
        client: Most bytes that the command's own process held at a time.
        broker: The same of the broker.
        worker: The same of the worker.
        shared: Most bytes of the store in memory.
        together: Most bytes of all of that at one time.
        seconds: By the clock.
        cpu: Seconds of all processors.
    """

    way: str
    megapixels: float
    decoded: int
    client: int
    broker: int
    worker: int
    shared: int
    together: int
    seconds: float
    cpu: float


def size_of(megapixels: float) -> tuple[int, int]:
    """Width and height: the panorama's for its megapixels, else 3:2."""
    if megapixels * 1e6 == math.prod(PANORAMA):
        return PANORAMA
    width = round(math.sqrt(megapixels * 1.5e6))
    return width, round(width / 1.5)


def check(is_good: bool, why: str) -> None:
    """End the program where something failed."""
    if not is_good:
        raise SystemExit(why)


def write_tiled(path: Path, width: int, height: int) -> None:
    """A photograph beside itself over and over, strip by strip, not compressed."""
    photograph: Any = skimage.data.coffee()  # type: ignore[no-untyped-call]
    sink: Any = OpenImageIO.ImageOutput.create("tiff")
    spec = OpenImageIO.ImageSpec(width, height, 3, "uint8")
    spec.attribute("compression", "none")
    spec.attribute("tiff:RowsPerStrip", ROWS)
    check(sink.open(str(path), spec), sink.geterror())
    across = np.tile(photograph, (1, -(-width // photograph.shape[1]), 1))[:, :width]
    for first in range(0, height, ROWS):
        count = min(ROWS, height - first)
        rows = across[np.arange(first, first + count) % len(across)]
        check(sink.write_scanlines(first, first + count, 0, np.ascontiguousarray(rows)), sink.geterror())
    check(sink.close(), sink.geterror())


def held(process: psutil.Process | None) -> int:
    """Bytes that only this process has, and those it shares in memory; what it has mapped of files is the system's."""
    if process is None:
        return 0
    with contextlib.suppress(OSError, psutil.Error):
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        known = dict(line.split(":", 1) for line in lines if ":" in line)
        return sum(int(known[key].split()[0]) * 1024 for key in ("RssAnon", "RssShmem") if key in known)
    return 0


def in_memory_store() -> int:
    """Bytes of the daemon's store that lie in memory."""
    tag = hashlib.sha256(os.environ["PHOTOSTYLE_RUNTIME_DIR"].encode()).hexdigest()[:12]
    total = 0
    for path in Path(f"/dev/shm/photostyle-{tag}").glob("*"):  # noqa: S108
        with contextlib.suppress(OSError):
            total += 0 if path.is_symlink() else path.stat().st_size
    return total


@contextlib.contextmanager
def own_daemon() -> Iterator[tuple[psutil.Process, psutil.Process]]:
    """A daemon that nobody else meets, with its worker."""
    ensure_daemon()
    with Client.connect() as client:
        deadline = time.monotonic() + START_SECONDS
        while client.hello().worker == "loading" and time.monotonic() < deadline:
            time.sleep(PAUSE_SECONDS)
        status = client.status()
    broker, worker = psutil.Process(status["pid"]), psutil.Process(status["worker"]["pid"])
    try:
        yield broker, worker
    finally:
        with Client.connect() as client:
            client.shutdown()
        psutil.wait_procs([broker, worker], START_SECONDS)


def cpu_of(process: psutil.Process | None) -> float:
    """Seconds of processor that it has taken."""
    if process is None:
        return 0.0
    with contextlib.suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def watched(command: Sequence[str], others: Sequence[psutil.Process | None]) -> tuple[Peaks, float, float]:
    """Run a command: the most that it, broker, worker and store held, and all at once; its seconds, and processors'."""
    before, began = sum(map(cpu_of, others)), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    everybody = [psutil.Process(process.pid), *others]
    peaks, cpu = [0] * 5, 0.0
    while process.poll() is None:
        parts = [*map(held, everybody), in_memory_store()]
        peaks = [max(old, new) for old, new in zip(peaks, [*parts, sum(parts)], strict=True)]
        cpu = sum(map(cpu_of, everybody)) - before
        time.sleep(PAUSE_SECONDS)
    check(process.returncode == 0, f"{' '.join(command)} failed")
    client, broker, worker, shared, together = peaks
    return (client, broker, worker, shared, together), time.perf_counter() - began, cpu


def measured(way: str, megapixels: float, folder: Path, more: Sequence[str]) -> Measured:
    """One picture, one way."""
    width, height = size_of(megapixels)
    content, style, out = folder / "content.tiff", folder / "style.tiff", folder / "out"
    write_tiled(content, width, height)
    write_tiled(style, 600, 400)
    if way == "batch":
        command = [*PROGRAM, "batch", str(content), "--style", str(style), "-o", str(out), "--quiet", *more]
    else:
        out.mkdir()
        command = [*PROGRAM, "stylize", str(content), str(style), "-o", str(out / "out.tiff"), "--quiet", *more]
    with contextlib.ExitStack() as stack:
        stack.callback(content.unlink)
        stack.callback(shutil.rmtree, out)
        others: Sequence[psutil.Process | None] = (None, None)
        if way == "daemon":
            others = stack.enter_context(own_daemon())
        elif way == "no-daemon":
            command.append("--no-daemon")
        peaks, seconds, cpu = watched(command, others)
    return Measured(way, width * height / 1e6, width * height * 3, *peaks, seconds, cpu)


def table(runs: Sequence[Measured]) -> str:
    """Markdown, in GB."""
    head = ("way", "MP", "picture", "command", "broker", "worker", "store", "together", "above picture", "s", "CPU-s")
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    for run in runs:
        sizes = (run.decoded, run.client, run.broker, run.worker, run.shared, run.together, run.together - run.decoded)
        cells = [run.way, f"{run.megapixels:.0f}", *(f"{size / 1e9:.2f}" for size in sizes)]
        lines.append("| " + " | ".join([*cells, f"{run.seconds:.0f}", f"{run.cpu:.0f}"]) + " |")
    return "\n".join(lines)


def plot(runs: Sequence[Measured], path: Path) -> None:
    """Memory above the picture over megapixels, a line for each way, and the mark of 2.5 GB."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
    for way in dict.fromkeys(run.way for run in runs):
        points = sorted((run.megapixels, (run.together - run.decoded) / 1e9) for run in runs if run.way == way)
        axes.plot(*zip(*points, strict=True), marker="o", label=way)
    axes.axhline(2.5, color="grey", linestyle=":", label="the mark")
    axes.set(xscale="log", xlabel="megapixels", ylabel="GB above the decoded picture", ylim=(0, 2.7))
    axes.set_xticks([run.megapixels for run in runs], [f"{run.megapixels:.0f}" for run in runs], minor=False)
    axes.minorticks_off()
    axes.legend()
    figure.savefig(path, dpi=110)


def main() -> None:
    """Measure, print a table, and keep figures and plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=float, nargs="+", default=[6, 24, 50, 100, 600], help="megapixels")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="where six bytes a pixel have room")  # noqa: S108
    parser.add_argument("--json", type=Path, help="figures, added to those that are there")
    parser.add_argument("--plot", type=Path, help="a PNG")
    parser.add_argument("more", nargs="*", help="after --: options of photostyle stylize and batch")
    given = parser.parse_args()
    runs = []
    if given.json and given.json.exists():
        runs = [Measured(**run) for run in json.loads(given.json.read_text())]
    with tempfile.TemporaryDirectory(prefix="photostyle-curve-", dir=given.folder) as folder:
        os.environ["PHOTOSTYLE_RUNTIME_DIR"] = str(private_dir(Path(folder) / "run"))
        os.environ["PHOTOSTYLE_DISK"] = folder
        for megapixels in given.sizes:
            for way in given.ways:
                runs.append(measured(way, megapixels, Path(folder), given.more))
                print(table(runs[-1:]).splitlines()[-1], flush=True)
                if given.json:
                    given.json.write_text(json.dumps([run._asdict() for run in runs], indent=1) + "\n")
    print(table(runs))
    if given.plot:
        plot(runs, given.plot)


if __name__ == "__main__":
    main()
