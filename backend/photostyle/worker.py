"""The worker process: loads the engine, runs one job after the other, reports, and dies with its broker."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import io
import itertools
import logging
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from photostyle.daemon import pipe
from photostyle.daemon.store import place_of
from photostyle.machine.allocator import JOBS, keep_freed_memory
from photostyle.stylize.canvas import Canvas
from photostyle.stylize.onlooker import Onlooker
from photostyle.stylize.out_of_memory import is_out_of_memory
from photostyle.stylize.task import Pixels, Progress, RegionPixels, StylizeTask
from photostyle_protocol.errors import (
    BadLookError,
    BadMaskError,
    JobCancelledError,
    JobFailedError,
    PhotostyleError,
    ProtocolError,
    ResourceError,
)
from photostyle_protocol.images import ImageSpec, new_hash
from photostyle_protocol.look_file import LOOK_BYTES, LookFile, parse_look
from photostyle_protocol.outcome import Notice
from photostyle_protocol.progress import Glimpse
from photostyle_protocol.request import StylizeRequest

STEP_SECONDS = 0.1
TEXT = 4000
"""Longest sentence about a job: one that quotes the request could be too long for the pipe."""
_PR_SET_PDEATHSIG = 1
Draw = Callable[[StylizeTask, Canvas, Progress, Any, int], tuple[Notice, ...]]
"""Task, canvas, progress, engine, and how many workers have died of the job."""
Load = Callable[[str], Any]


class Link:
    """The worker's end of the pipes to the broker.

    The broker's end of standard input closes when the broker dies, by whatever means; then this process
    ends at once.
    """

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self._stdin = stdin
        self._stdout = stdout
        self._runs: queue.SimpleQueue[pipe.Run] = queue.SimpleQueue()
        self._stopped: set[int] = set()
        threading.Thread(target=self._listen, name="listen", daemon=True).start()

    def say(self, message: Any) -> None:
        """Tell the broker something."""
        self._stdout.write(pipe.pack(message))
        self._stdout.flush()

    def next_run(self) -> pipe.Run:
        """Wait for the next job."""
        return self._runs.get()

    def is_stopped(self, job: int) -> bool:
        """Whether the broker wants this job to stop."""
        return job in self._stopped

    def _listen(self) -> None:
        """Thread: takes commands in while a job runs."""
        code = 0
        try:
            while (message := pipe.read(self._stdin)) is not None:
                if isinstance(message, pipe.Run):
                    self._runs.put(message)
                elif isinstance(message, pipe.Stop):
                    self._stopped.add(message.job)
        except ProtocolError:
            # As from a broker of before an update: dead, this worker costs a job an error; deaf, it would let it hang.
            traceback.print_exc()
            code = 1
        # Not sys.exit: the main thread may be in the middle of a long computation.
        os._exit(code)


class Easel:
    """Where pictures are put for the broker: files in the store's folder.

    Args:
        store: The folder.
        job: Whose pictures.
    """

    def __init__(self, store: Path, job: int) -> None:
        self._store = store
        self._names = (f"result-{os.getpid()}-{job}-{number}" for number in itertools.count())

    @contextlib.contextmanager
    def canvas(self, shape: tuple[int, ...], dtype: str) -> Iterator[StoredCanvas]:
        """A new picture, (H, W[, C]); nothing is left of it where drawing it fails.

        Raises:
            OSError: The disk does not take it.
        """
        height, width, channels = (*shape, 1)[:3]
        spec = ImageSpec(height, width, channels, dtype)
        path = place_of(self._store, spec.nbytes) / next(self._names)
        try:
            with path.open("xb", buffering=0) as sink:
                path.chmod(0o600)
                yield StoredCanvas(spec, sink, path.name)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def put(self, pixels: Pixels) -> pipe.Picture:
        """Write a picture.

        Raises:
            OSError: The disk does not take it; nothing is left of it.
        """
        with self.canvas(pixels.shape, pixels.dtype.name) as canvas:
            canvas.add(pixels)
        return canvas.picture()


class StoredCanvas:
    """A `Canvas` that is a file; not a mapping, where a full disk would kill the process.

    Args:
        spec: What is drawn.
        sink: The file.
        name: Its name.
    """

    def __init__(self, spec: ImageSpec, sink: io.RawIOBase, name: str) -> None:
        self._spec = spec
        self._sink = sink
        self._name = name
        self._hasher = new_hash(spec)
        self.is_touched = False

    def add(self, strip: Pixels) -> None:
        """See `Canvas`."""
        self.is_touched = True
        # A numpy array is a buffer, which Python can say in types from 3.12 on.
        rows: Any = np.ascontiguousarray(strip)
        view = memoryview(rows).cast("B")
        self._hasher.update(view)
        while view:
            view = view[self._sink.write(view) :]

    def picture(self) -> pipe.Picture:
        """What was drawn."""
        return pipe.Picture(self._hasher.hexdigest(), self._spec, self._name)


class JobProgress:
    """`Progress` of one job: measures the stages, tells the broker, stops a cancelled job.

    Args:
        link: To the broker.
        job: Its number.
        onlooker: Sees what the method shows.
        easel: For the pictures of it.
    """

    def __init__(self, link: Link, job: int, onlooker: Onlooker, easel: Easel) -> None:
        self._link = link
        self._job = job
        self._onlooker = onlooker
        self._easel = easel
        self._stage = "reading"
        self._since = self._told = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def __call__(self, fraction: float, stage: str, glimpse: Glimpse | None = None) -> None:
        """See `Progress`.

        Raises:
            JobCancelledError: The broker wants the job to stop.
        """
        if self._link.is_stopped(self._job):
            raise JobCancelledError("The job was cancelled.")
        now = time.perf_counter()
        changed = stage != self._stage
        self._count(now)
        self._stage = stage
        picture = None if glimpse is None else self._picture(glimpse)
        if changed or picture is not None or now - self._told >= STEP_SECONDS:
            self._told = now
            self._link.say(pipe.Step(self._job, float(fraction), stage, picture))

    def finish(self) -> dict[str, float]:
        """Seconds of each stage, the last one ending now."""
        self._count(time.perf_counter())
        return self.seconds

    def _picture(self, glimpse: Glimpse) -> pipe.Picture | None:
        seen = self._onlooker.see(glimpse)
        try:
            return None if seen is None else self._easel.put(seen)
        except OSError:
            return None  # a full disk ends the job soon enough, or has room again by then

    def _count(self, now: float) -> None:
        self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
        self._since = now


class Worker:
    """Runs jobs with an engine.

    Args:
        link: To the broker.
        store: Folder of the image store.
        draw: The pipeline.
        engine: What it needs.
    """

    def __init__(self, link: Link, store: Path, draw: Draw, engine: Any) -> None:
        self._link = link
        self._store = store
        self._draw = draw
        self._engine = engine

    def run_forever(self) -> None:
        """Do jobs until the broker ends this process."""
        while True:
            run = self._link.next_run()
            self._link.say(self._answer(run))

    def _answer(self, run: pipe.Run) -> Any:
        try:
            return self._do(run)
        except PhotostyleError as error:
            return _trouble(run.job, error)
        except Exception as error:
            if _is_broken_device(error):
                raise  # after an error of the device every later job would fail too: start afresh
            traceback.print_exc()
            return _trouble(run.job, _as_failure(error))

    def _do(self, run: pipe.Run) -> pipe.Done:
        onlooker, easel = Onlooker(run.request.watch), Easel(self._store, run.job)
        progress = JobProgress(self._link, run.job, onlooker, easel)
        task = self._task(run)
        with easel.canvas(task.content.shape, task.content.dtype.name) as canvas:
            notices = self._draw(task, canvas, progress, self._engine, run.setbacks)
        return pipe.Done(run.job, canvas.picture(), progress.finish(), onlooker.record.curves(), notices)

    def _task(self, run: pipe.Run) -> StylizeTask:
        # One mapping for each picture: regions that share a style share the work on it.
        pictures = {name: self._map(name, run) for name in run.specs}
        request = run.request
        looks = {region.style: _as_look(pictures[region.style]) for region in request.regions if region.style_is_look}
        regions = tuple(
            RegionPixels(
                looks[region.style] if region.style_is_look else pictures[region.style],
                _as_mask(pictures, region.content_mask),
                _as_mask(pictures, region.style_mask),
                region.strength,
                region.space,
                region.style,
            )
            for region in request.regions
        )
        return StylizeTask(
            pictures[request.content],
            regions,
            _as_mask(pictures, request.mask),
            request.settings,
            request.limit_to_mask,
            request.space,
            known_as=_digests(request),
            may_name_files=run.is_local,
        )

    def _map(self, name: str, run: pipe.Run) -> Pixels:
        """A stored picture, (H, W, C), mapped copy-on-write, so that nobody changes the store."""
        spec = run.specs[name]
        shape = (spec.height, spec.width, spec.channels)
        path = place_of(self._store, spec.nbytes) / name
        return np.memmap(path, np.dtype(spec.dtype), "c", shape=shape).view(np.ndarray)


def _digests(request: StylizeRequest) -> str:
    """All pictures of a request, each in its place and role; the store has compared them with their digests."""
    regions = (f"{r.style} {r.style_is_look} {r.content_mask} {r.style_mask}" for r in request.regions)
    return " ".join([request.content, str(request.mask), *regions])


def _as_look(pixels: Pixels) -> LookFile:
    """A stored picture that is the bytes of a look."""
    if pixels.shape[0] != 1 or pixels.shape[2] != 1 or pixels.dtype != np.uint8 or pixels.size > LOOK_BYTES:
        raise BadLookError(
            f"A look is one row of at most {LOOK_BYTES} bytes, not {pixels.dtype} pixels of shape {pixels.shape}.",
            "Send the file's bytes.",
        )
    return parse_look(pixels.tobytes())


def _as_mask(pictures: Mapping[str, Pixels], name: str | None) -> Pixels | None:
    """A stored picture as a mask, (H, W)."""
    if name is None:
        return None
    mask = pictures[name]
    if mask.shape[2] != 1:
        raise BadMaskError(f"A mask has one channel, not {mask.shape[2]}.", "Send it as grey.")
    return mask[:, :, 0]


def work(link: Link, device: str, store: Path, load: Load, draw: Draw) -> None:
    """Load the engine, tell the broker, run jobs."""
    try:
        engine = load(device)
    except PhotostyleError as error:
        link.say(_trouble(-1, error))
        return
    link.say(pipe.Ready(str(engine.device_name)))
    Worker(link, store, draw, engine).run_forever()


def main(arguments: Sequence[str] | None = None, load: Load | None = None, draw: Draw | None = None) -> None:
    """Entry point of ``python -m photostyle.worker``; `load` and `draw` are the product's unless given."""
    parser = argparse.ArgumentParser(prog="photostyle.worker", description="Started by the daemon, not by people.")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--store", type=Path, required=True)
    options = parser.parse_args(arguments)
    _end_with_the_broker()
    keep_freed_memory(JOBS)
    link = Link(*pipe.take_pipes())
    logging.basicConfig(level=logging.INFO)
    if load is None or draw is None:
        load, draw = _product()
    work(link, options.device, options.store, load, draw)


def _end_with_the_broker() -> None:
    """Let Linux end this process when the broker dies: one that is stopped cannot notice it by its pipe."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _product() -> tuple[Load, Draw]:
    from photostyle.stylize.engine import Engine
    from photostyle.stylize.fallback import draw_within_memory

    return Engine.load, draw_within_memory


def _trouble(job: int, error: PhotostyleError) -> pipe.Trouble:
    return pipe.Trouble(job, error.code, error.message[:TEXT], error.hint[:TEXT])


def _is_broken_device(error: Exception) -> bool:
    text = str(error)
    return "CUDA error" in text and not is_out_of_memory(error)


def _as_failure(error: Exception) -> PhotostyleError:
    """An error of the method or the machine, in words for people."""
    text = str(error)
    if is_out_of_memory(error):
        return ResourceError("The machine's memory is not enough for this picture.", "Scale it down, or use the CPU.")
    if isinstance(error, OSError):
        return ResourceError(f"The daemon's store cannot be used: {error}.", "Is its disk full?")
    return JobFailedError(
        f"The method failed: {type(error).__name__}: {text[:300]}", "The worker's log has the details."
    )


if __name__ == "__main__":
    main(sys.argv[1:])
