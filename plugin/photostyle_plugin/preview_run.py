"""One preview: from pictures in memory to a picture in memory, all in the session's thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from photostyle_plugin.jobs import fail, settle
from photostyle_plugin.picture import MemorySource, Source, has_content, read_rows, row_bands
from photostyle_protocol.errors import PhotostyleError
from photostyle_protocol.images import ImageSpec, digest

if TYPE_CHECKING:
    from photostyle_plugin.inputs import Inputs
    from photostyle_plugin.jobs import Job
    from photostyle_plugin.session import Session
    from photostyle_protocol.client import Client


@dataclass(frozen=True)
class PreviewResult:
    """A preview.

    Attributes:
        spec: Its shape, that of the content's proxy.
        pixels: Its pixels, `spec.nbytes` bytes.
        is_forming: It is not finished: a smaller picture of what there is so far, RGB or RGBA of 8 bits with the curve
            and in the colour space of the content.
    """

    spec: ImageSpec
    pixels: bytes
    is_forming: bool = False


class Held(MemorySource):
    """All rows of a source, read at once.

    Attributes:
        name: Its digest.
    """

    def __init__(self, source: Source) -> None:
        spec = source.spec
        pixels = b"".join(read_rows(source, first, count) for first, count in row_bands(spec))
        super().__init__(spec, pixels)
        self.name = digest(spec, pixels)


class PreviewRun:
    """Sends what the daemon lacks, runs the job, fetches the result.

    Args:
        session: The conversation with the backend.
        inputs: Pictures of class `Held`.

    Attributes:
        outcome: The result, or why there is none.
        since: When it was begun, seconds of the monotonic clock.
    """

    def __init__(self, session: Session, inputs: Inputs) -> None:
        self.outcome: Future[PreviewResult] = Future()
        self.since = time.monotonic()
        self._session = session
        self._inputs = inputs
        self._job: Job | None = None
        self._is_unwanted = False
        self._seen = ""
        self._look: Future[PreviewResult] | None = None
        try:
            pictures = self._pictures()
        except PhotostyleError as error:
            fail(self.outcome, error)
            return
        self._then(session.call(partial(_put_all, pictures)), self._submit)

    def cancel(self) -> None:
        """Stop it, and take nothing of it."""
        self._is_unwanted = True
        if self._job is not None:
            self._job.cancel()

    def forming(self) -> PreviewResult | None:
        """A picture of what there is so far, each once. Call it often, from one thread; it does not wait."""
        look, job = self._look, self._job
        if look is not None and look.done():
            self._look = None
            return None if look.exception() else look.result()  # one that is gone has made room for a newer one
        if look is None and job is not None and not job.done and job.glimpse not in ("", self._seen):
            self._seen = job.glimpse
            self._look = self._session.call(partial(_glimpse, job.glimpse))
        return None

    def _pictures(self) -> dict[str, Held]:
        """The pictures by role.

        Raises:
            BadMaskError: A mask selects nothing, or has another size than its picture.
        """
        found = {}
        for picture in self._inputs.pictures():
            held = picture.source
            assert isinstance(held, Held)  # noqa: S101 - what the type of `Inputs` cannot say
            if picture.if_empty is not None and not has_content(held.pixels):
                raise picture.if_empty
            found[picture.role] = held
        return found

    def _then(self, future: Future[Any], act: Callable[[Any], None]) -> None:
        """Go on with the value of a future, in the session's thread; its error is the outcome."""

        def go_on(ended: Future[Any]) -> None:
            error = ended.exception()
            if error is None:
                act(ended.result())
            elif isinstance(error, PhotostyleError):
                fail(self.outcome, error)

        future.add_done_callback(go_on)

    def _submit(self, names: dict[str, str]) -> None:
        self._job = self._session.submit(self._inputs.request(names, preview=True))
        if self._is_unwanted:
            self._job.cancel()
        self._then(self._job.ended, lambda result: self._fetch(result.digest))

    def _fetch(self, name: str) -> None:
        self._then(self._session.call(lambda client: client.get(name)), self._finish)

    def _finish(self, found: tuple[ImageSpec, bytearray]) -> None:
        settle(self.outcome, PreviewResult(found[0], bytes(found[1])))


def _glimpse(name: str, client: Client) -> PreviewResult:
    spec, pixels = client.get(name)
    return PreviewResult(spec, bytes(pixels), is_forming=True)


def _put_all(pictures: dict[str, Held], client: Client) -> dict[str, str]:
    """Send what the daemon lacks; the names by role."""
    held = client.have([picture.name for picture in pictures.values()])
    for picture in pictures.values():
        if picture.name not in held:
            client.put(picture.spec, picture.pixels)
    return {role: picture.name for role, picture in pictures.items()}
