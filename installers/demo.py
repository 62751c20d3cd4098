"""The demonstration: one photograph takes the look of another, through the real daemon, and the clock is read."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from photostyle.imaging.picture import Picture
from photostyle.imaging.pixels import channels_of
from photostyle.imaging.reading import read_picture
from photostyle.imaging.sheet import SheetRow, contact_sheet
from photostyle.imaging.writing import write_picture
from photostyle_protocol.client import Client, JobResult
from photostyle_protocol.errors import JobFailedError, PhotostyleError
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.launch import ensure_daemon
from photostyle_protocol.request import RegionRef, StylizeRequest

SAMPLES = ("chelsea", "rocket")
LOAD_DEADLINE_S = 180.0
console = Console()


@dataclass
class Stopwatch:
    """How long each part took, in the order in which the parts ended."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextlib.contextmanager
    def time(self, part: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[part] = time.perf_counter() - began


@contextlib.contextmanager
def own_daemon(clock: Stopwatch) -> Iterator[Client]:
    """A daemon for this demonstration only: it meets no other and is stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="photostyle-demo-") as folder:
        os.environ["PHOTOSTYLE_RUNTIME_DIR"] = folder
        with clock.time("daemon start"):
            connection = ensure_daemon()
        with Client.connect() as client:
            try:
                with clock.time("worker load"):
                    wait_for_worker(client)
                yield client
            finally:
                client.shutdown()
                wait_for_end(connection.pid)


def wait_for_worker(client: Client) -> None:
    deadline = time.monotonic() + LOAD_DEADLINE_S
    while (state := client.hello().worker) != "idle":
        if state == "failed" or time.monotonic() > deadline:
            raise JobFailedError("The worker could not be loaded.", "Ask: photostyle doctor")
        time.sleep(0.02)


def wait_for_end(pid: int) -> None:
    """The daemon removes what it holds in its folder before it ends; the folder must stay until then."""
    with contextlib.suppress(psutil.Error):
        psutil.Process(pid).wait(timeout=10)


def stylize(client: Client, content: Picture, style: Picture, clock: Stopwatch) -> Picture:
    """Send, compute, fetch."""
    with clock.time("send"):
        request = StylizeRequest(put(client, content), (RegionRef(put(client, style)),))
    with clock.time("compute"):
        result = follow(client, request)
    with clock.time("fetch"):
        spec, pixels = client.get(result.digest)
    shape = (spec.height, spec.width, spec.channels)
    return content.with_pixels(np.frombuffer(pixels, spec.dtype).reshape(shape))


def put(client: Client, picture: Picture) -> str:
    height, width = picture.pixels.shape[:2]
    spec = ImageSpec(height, width, channels_of(picture.pixels), picture.pixels.dtype.name)
    return client.put(spec, np.ascontiguousarray(picture.pixels))


def follow(client: Client, request: StylizeRequest) -> JobResult:
    columns = (TextColumn("  {task.description:24}"), BarColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("waiting", total=1.0)
        return client.stylize(request, lambda done, stage: bar.update(task, completed=done, description=stage))


def sample_photographs(folder: Path) -> list[Path]:
    """Photographs that scikit-image carries, as files."""
    import skimage.data

    files = [folder / f"{name}.png" for name in SAMPLES]
    for file in files:
        Image.fromarray(getattr(skimage.data, file.stem)()).save(file)
    return files


def show_times(once: Stopwatch, first: Stopwatch, second: Stopwatch) -> None:
    table = Table("seconds", "first job", "second job", title="How long each part took", title_justify="left")
    for part, seconds in once.seconds.items():
        table.add_row(part, f"{seconds:.2f}")
    for part, seconds in first.seconds.items():
        table.add_row(part, f"{seconds:.2f}", f"{second.seconds[part]:.2f}")
    console.print(table)


def demonstrate(pair: list[Path], folder: Path) -> None:
    once, first, second = Stopwatch(), Stopwatch(), Stopwatch()
    once.seconds["install"] = float(os.environ.get("PHOTOSTYLE_INSTALL_SECONDS", "0"))
    content_file, style_file = pair or sample_photographs(folder)
    console.print(f"{content_file} takes the look of {style_file}.", highlight=False)
    with once.time("read"):
        content, style = read_picture(content_file), read_picture(style_file)
    with own_daemon(once) as client:
        for clock in (first, second):
            result = stylize(client, content, style, clock)
            with clock.time("write"):
                write_picture(folder / "result.png", result)
    write_picture(folder / "sheet.png", contact_sheet([SheetRow((content, style, result))]))
    show_times(once, first, second)
    console.print(f"The result: {folder / 'result.png'}", f"Side by side: {folder / 'sheet.png'}", sep="\n")


def arguments() -> list[Path]:
    parser = argparse.ArgumentParser(prog="installers/demo", description=__doc__)
    parser.add_argument("photographs", nargs="*", type=Path, metavar="content style", help="two picture files")
    pair: list[Path] = parser.parse_args().photographs
    if len(pair) not in (0, 2):
        parser.error("give two pictures, the content and the style, or none")
    return pair


def main() -> int:
    pair = arguments()
    folder = Path.cwd() / "out"
    try:
        folder.mkdir(exist_ok=True)
        demonstrate(pair, folder)
    except (PhotostyleError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
