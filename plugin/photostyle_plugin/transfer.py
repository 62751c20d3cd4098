"""One final job as many small steps on the editor's thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from photostyle_plugin.errors import LayerChangedError
from photostyle_plugin.inputs import Inputs, Picture
from photostyle_plugin.lane import Lane, awaited
from photostyle_plugin.picture import Target, has_content, read_rows, row_bands
from photostyle_plugin.stages import notice_text, stage_text
from photostyle_plugin.texts import Words
from photostyle_protocol.errors import ProtocolError, UnknownImageError
from photostyle_protocol.images import ImageSpec, new_hash
from photostyle_protocol.limits import BAND_BYTES

if TYPE_CHECKING:
    import hashlib

    from photostyle_plugin.jobs import Job
    from photostyle_plugin.session import Session
    from photostyle_protocol.client import Client, JobResult

__all__ = ["Inputs", "Progress", "Transfer"]

T = TypeVar("T")

PAUSE_SECONDS = 0.02
AHEAD = 2
"""Bands that are on their way at a time."""
_SHARES = {"read": (0.0, 0.1), "send": (0.1, 0.25), "compute": (0.25, 0.85), "write": (0.85, 1.0)}
"""Where each phase lies on the progress bar."""


@dataclass(frozen=True)
class Progress:
    """How far a transfer is.

    Attributes:
        fraction: 0–1, never less than before.
        text: What is being done, for people.
    """

    fraction: float
    text: str


Steps = Generator[Progress, None, T]


class Transfer:
    """Reads the pictures, has them stylized, and writes the new layer.

    Args:
        session: The conversation with the backend; where it has failed, it is tried once more.
        inputs: What to do.
        make_target: Makes the new layer when the result is there, for a picture of the content's shape.
        pause: Longest wait of one step, in seconds; 0 where a timer of the editor's makes the steps.

    Attributes:
        seconds: How long it took to ``read``, ``send``, ``compute``, ``fetch`` and ``write``.
        remarks: Sentences that the person should read about the result; mostly none.
    """

    def __init__(
        self,
        session: Session,
        inputs: Inputs,
        make_target: Callable[[ImageSpec], Target],
        pause: float = PAUSE_SECONDS,
    ) -> None:
        self.seconds = dict.fromkeys(("read", "send", "compute", "fetch", "write"), 0.0)
        self.remarks: list[str] = []
        self._session = session
        self._inputs = inputs
        self._make_target = make_target
        self._pause = pause
        self._job: Job | None = None
        self._target: Target | None = None
        self._shown = Progress(0.0, Words.reading)

    def steps(self) -> Iterator[Progress]:
        """Do the work; each step is one band of the editor's pixels or a wait of a few milliseconds.

        Pixels are read twice, to name them and to send them if the daemon lacks them, so that only a few bands are in
        memory. Closing the iterator, or an error, cancels the job and discards the layer.

        Raises:
            PhotostyleError: Why there is no layer; an adapter's own errors pass as they are.
        """
        try:
            yield from self._reach()
            pictures = self._inputs.pictures()
            names = yield from self._name(pictures)
            try:
                yield from self._make(pictures, names)
            except (UnknownImageError, ProtocolError, LayerChangedError):
                # The store has evicted a picture, or the daemon has forgotten us in the middle of one: once more.
                # The latter looks like a layer that has changed; one that really has will be refused again.
                self._let_go()
                yield from self._make(pictures, names)
            yield self._at("write", 1.0, Words.done)
        finally:
            self._let_go()

    def _reach(self) -> Steps[None]:
        self._session.reconnect()
        while (state := self._session.state).kind == "starting":
            yield self._at("read", 0.0, state.sentence())
            time.sleep(self._pause)
        if state.error is not None:
            raise state.error

    def _name(self, pictures: list[Picture]) -> Steps[dict[str, str]]:
        """Find the digest of each picture, by role; nothing is sent."""
        names = {}
        total, done = sum(picture.source.spec.nbytes for picture in pictures), 0
        for picture in pictures:
            hasher, lane, is_empty = new_hash(picture.source.spec), Lane(self._pause), True
            for first, count in row_bands(picture.source.spec):
                pixels = self._read(picture, first, count)
                is_empty = is_empty and not has_content(pixels)
                lane.add(self._session.call(partial(_update, hasher, pixels)))
                done += count * picture.source.spec.row_bytes
                yield from self._follow("read", done / total, Words.reading, lane.room(AHEAD - 1))
                yield self._at("read", done / total, Words.reading)
            yield from self._follow("read", done / total, Words.reading, lane.room(0))
            if is_empty and picture.if_empty is not None:
                raise picture.if_empty
            names[picture.role] = hasher.hexdigest()
        return names

    def _make(self, pictures: list[Picture], names: dict[str, str]) -> Steps[None]:
        yield from self._send(pictures, names)
        result = yield from self._compute(names)
        yield from self._write(result)

    def _send(self, pictures: list[Picture], names: dict[str, str]) -> Steps[None]:
        """Send what the daemon lacks; a picture that another transfer of this session is sending is waited for."""
        wanted = {names[picture.role]: picture for picture in pictures}
        share = 1 / len(wanted)
        for index, (name, picture) in enumerate(wanted.items()):
            while name in self._session.sending:
                yield self._at("send", index * share, Words.sending)
                time.sleep(self._pause)
            self._session.sending.add(name)
            try:
                asked = self._session.call(partial(_is_held, name))
                if not (yield from self._follow("send", index * share, Words.sending, awaited(asked, self._pause))):
                    yield from self._send_one(name, picture, index * share, share)
            finally:
                self._session.sending.discard(name)

    def _send_one(self, name: str, picture: Picture, start: float, share: float) -> Steps[None]:
        spec, lane = picture.source.spec, Lane(self._pause)
        for first, count in row_bands(spec):
            pixels = self._read(picture, first, count)
            done = start + share * (first + count) / spec.height
            lane.add(self._session.call(partial(_send_rows, name, spec, first * spec.row_bytes, pixels)))
            yield from self._follow("send", done, Words.sending, lane.room(AHEAD - 1))
            yield self._at("send", done, Words.sending)
        yield from self._follow("send", start + share, Words.sending, lane.room(0))

    def _compute(self, names: dict[str, str]) -> Steps[JobResult]:
        job = self._job = self._session.submit(self._inputs.request(names))
        with self._timed("compute"):
            for _ in awaited(job.ended, self._pause):
                yield self._at("compute", job.fraction, stage_text(job.stage))
        result = job.result()
        self.remarks = [notice_text(notice) for notice in result.notices]
        return result

    def _write(self, result: JobResult) -> Steps[None]:
        """Fetch the result one band ahead and write it row by row."""
        spec = self._inputs.content.spec
        if result.spec != spec:
            raise ProtocolError(Words.wrong_shape, Words.unexpected_hint)
        target = self._target = self._make_target(spec)
        bands = list(row_bands(spec))
        fetches = [partial(_fetch_rows, result.digest, f * spec.row_bytes, n * spec.row_bytes) for f, n in bands]
        coming = self._session.call(fetches[0])
        for index, (first, count) in enumerate(bands):
            pixels = yield from self._follow("fetch", first / spec.height, Words.writing, awaited(coming, self._pause))
            if index + 1 < len(bands):
                coming = self._session.call(fetches[index + 1])
            with self._timed("write"):
                target.write(first, count, pixels)
            yield self._at("write", (first + count) / spec.height, Words.writing)
        with self._timed("write"):
            target.commit()
        self._target = None

    def _read(self, picture: Picture, first: int, count: int) -> bytes | memoryview:
        with self._timed("read"):
            return read_rows(picture.source, first, count)

    def _follow(self, phase: str, fraction: float, text: str, waits: Generator[None, None, T]) -> Steps[T]:
        """Pass a wait on as steps, and count its time; returns what it returns."""
        shown = "write" if phase == "fetch" else phase
        with self._timed(phase):
            while True:
                try:
                    next(waits)
                except StopIteration as end:
                    value: T = end.value
                    return value
                yield self._at(shown, fraction, text)

    def _at(self, phase: str, fraction: float, text: str) -> Progress:
        start, end = _SHARES[phase]
        self._shown = Progress(max(self._shown.fraction, start + (end - start) * min(1.0, fraction)), text)
        return self._shown

    @contextmanager
    def _timed(self, phase: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[phase] += time.perf_counter() - start

    def _let_go(self) -> None:
        """Stop what is open: after an error, when the iterator is closed, and at the end, where nothing is."""
        if self._job is not None and not self._job.done:
            self._job.cancel()
        target, self._target = self._target, None
        if target is not None:
            target.discard()


def _update(hasher: hashlib._Hash, pixels: bytes | memoryview, client: Client) -> None:
    hasher.update(pixels)


def _is_held(name: str, client: Client) -> bool:
    return name in client.have([name])


def _send_rows(name: str, spec: ImageSpec, offset: int, pixels: bytes | memoryview, client: Client) -> None:
    """Send some rows; a row that is larger than a band goes in pieces.

    Raises:
        LayerChangedError: They end the picture, and it is not the one that was named.
    """
    view = memoryview(pixels).cast("B")
    is_end = offset + view.nbytes == spec.nbytes
    try:
        for start in range(0, view.nbytes, BAND_BYTES):
            client.send_band(name, spec, offset + start, view[start : start + BAND_BYTES])
    except ProtocolError as error:
        raise (LayerChangedError() if is_end else error) from error


def _fetch_rows(name: str, offset: int, length: int, client: Client) -> bytes:
    ends = range(offset, offset + length, BAND_BYTES)
    return b"".join(client.fetch_band(name, start, min(BAND_BYTES, offset + length - start)) for start in ends)
