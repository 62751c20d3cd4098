"""The demonstration: one photograph takes the look of another, through the real daemon, and the clock is read."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from PIL import Image
from rich.console import Console
from rich.table import Table

from photostyle.cli.display import display
from photostyle.imaging.reading import read_picture
from photostyle.imaging.sheet import SheetRow, contact_sheet
from photostyle.imaging.writing import write_picture
from photostyle.transfer.asked import Asked
from photostyle.transfer.compute import through_daemon
from photostyle.transfer.inputs import read_inputs
from photostyle.transfer.report import Report
from photostyle_protocol.client import Client
from photostyle_protocol.errors import JobFailedError, PhotostyleError
from photostyle_protocol.launch import ensure_daemon
from photostyle_protocol.request import Settings

SAMPLES = ("chelsea", "rocket")
LOAD_DEADLINE_S = 180.0
console = Console()


@contextlib.contextmanager
def own_daemon(report: Report) -> Iterator[None]:
    """A daemon for this demonstration only: it meets no other and is stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="photostyle-demo-") as folder:
        os.environ["PHOTOSTYLE_RUNTIME_DIR"] = folder
        with report.part("daemon start"):
            connection = ensure_daemon()
        with Client.connect() as client:
            try:
                with report.part("worker load"):
                    wait_for_worker(client)
                yield
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


def sample_photographs(folder: Path) -> list[Path]:
    """Photographs that scikit-image carries, as files."""
    import skimage.data

    files = [folder / f"{name}.png" for name in SAMPLES]
    for file in files:
        Image.fromarray(getattr(skimage.data, file.stem)()).save(file)
    return files


def show_times(once: Report, first: Report, second: Report) -> None:
    table = Table("seconds", "first job", "second job", title="How long each part took", title_justify="left")
    for part, seconds in once.seconds.items():
        table.add_row(part, f"{seconds:.2f}")
    for part, seconds in first.seconds.items():
        table.add_row(part, f"{seconds:.2f}", f"{second.seconds[part]:.2f}")
    console.print(table)


def demonstrate(pair: list[Path], folder: Path) -> None:
    result_file = folder / "result.png"
    content_file, style_file = pair or sample_photographs(folder)
    console.print(f"{content_file} takes the look of {style_file}.", highlight=False, soft_wrap=True)
    with display(quiet=False) as shown:
        once, first, second = Report(shown), Report(shown), Report(shown)
        once.seconds["install"] = float(os.environ.get("PHOTOSTYLE_INSTALL_SECONDS", "0"))
        with once.part("read"):
            inputs = read_inputs(Asked(content_file, style_file, result_file, Settings()))
            # A transfer draws over what may be written, and the second job and the sheet need it as it was.
            inputs.content.pixels.flags.writeable = False
        with own_daemon(once):
            for report in (first, second):
                pixels = through_daemon(inputs.task, None, None, report, None)
                with report.part("write"):
                    write_picture(result_file, inputs.content.with_pixels(pixels))
    pictures = [inputs.content, read_picture(style_file), inputs.content.with_pixels(pixels)]
    write_picture(folder / "sheet.png", contact_sheet([SheetRow(pictures)]))
    show_times(once, first, second)
    console.print(f"The result: {result_file}", f"Side by side: {folder / 'sheet.png'}", sep="\n", soft_wrap=True)


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
