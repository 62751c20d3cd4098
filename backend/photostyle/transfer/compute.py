"""The two ways to a result: through the daemon, or in this process. Both run the same pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from photostyle.machine.allocator import BANDS, JOBS, keep_freed_memory
from photostyle.transfer.report import COMPUTE, Report

if TYPE_CHECKING:
    from photostyle.stylize.engine import Engine
    from photostyle.stylize.task import Pixels, StylizeTask
    from photostyle_protocol.client import Client
    from photostyle_protocol.images import ImageSpec
    from photostyle_protocol.look_file import LookFile
    from photostyle_protocol.request import RegionRef, StylizeRequest

    Show = Callable[[Pixels], None]


def in_process(task: StylizeTask, device: str, report: Report, show: Show | None) -> Pixels:
    """Compute here, without a daemon.

    Args:
        task: What to do. Its content is drawn over where its memory may be written: a large picture need not lie
            there twice.
        device: Where to compute.
        report: Told about each part.
        show: Gets small pictures of what there is so far; ``None`` if nobody looks.

    Raises:
        PhotostyleError: The request cannot be done, or the device not used.
    """
    with report.part("load"):
        from photostyle.stylize.engine import Engine

        engine = Engine.load(device)
    return with_engine(engine, task, report, show)


def with_engine(engine: Engine, task: StylizeTask, report: Report, show: Show | None = None) -> Pixels:
    """Compute here with an engine that is warm; see `in_process`."""
    from photostyle.stylize.canvas import ArrayCanvas
    from photostyle.stylize.fallback import draw_within_memory
    from photostyle.stylize.onlooker import Onlooker
    from photostyle.transfer.stages import MeasuredStages

    keep_freed_memory(JOBS)
    with report.part(COMPUTE):
        onlooker, canvas = Onlooker(wants_pictures=show is not None), ArrayCanvas.over(task.content)
        report.notices = draw_within_memory(task, canvas, MeasuredStages(report, onlooker, show), engine)
    report.losses = onlooker.record.curves()
    return canvas.pixels


def through_daemon(
    task: StylizeTask, endpoint: str | None, device: str | None, report: Report, show: Show | None
) -> Pixels:
    """Let a daemon compute; this person's own one is started if none runs.

    Args:
        task: What to do. Its content is drawn over, see `in_process`.
        endpoint: Another daemon, see `Client.connect`.
        device: Where a daemon computes that has to be started.
        report: Told about each part.
        show: Gets small pictures of what there is so far; ``None`` if nobody looks.

    Raises:
        DaemonUnavailableError: No daemon answers or can be started.
        PhotostyleError: What the daemon says.
    """
    with report.part("reach the daemon"):
        from photostyle_protocol.client import Client
        from photostyle_protocol.launch import ensure_daemon

        if endpoint is None:
            ensure_daemon(device=device)
        client = Client.connect(endpoint)
    with client:
        return with_client(client, task, report, show)


def with_client(client: Client, task: StylizeTask, report: Report, show: Show | None = None) -> Pixels:
    """Let the daemon at the other end of a conversation compute; see `through_daemon`."""
    keep_freed_memory(BANDS)
    with report.part("send"):
        request = _sent(client, task)
    with report.part(COMPUTE):
        result = client.stylize(request, report.progress, on_glimpse=None if show is None else _shown(show))
    report.losses, report.notices = result.losses, result.notices
    report.stages.update(result.seconds)
    report.stages["waiting and loading"] = report.seconds[COMPUTE] - sum(result.seconds.values())
    with report.part("fetch"):
        return _fetched(client, result.digest, task.content)


def _sent(client: Client, task: StylizeTask) -> StylizeRequest:
    from photostyle_protocol.request import StylizeRequest

    return StylizeRequest(
        content=_put(client, task.content),
        regions=tuple(_put_regions(client, task)),
        mask=_put_mask(client, task.mask),
        settings=task.settings,
        limit_to_mask=task.limit_to_mask,
        space=task.space,
    )


def _put_regions(client: Client, task: StylizeTask) -> list[RegionRef]:
    from photostyle_protocol.look_file import LookFile
    from photostyle_protocol.request import RegionRef

    styles = {id(region.style): region.style for region in task.regions}
    names = {
        key: _put_look(client, style) if isinstance(style, LookFile) else _put(client, style)
        for key, style in styles.items()
    }
    return [
        RegionRef(
            names[id(region.style)],
            _put_mask(client, region.content_mask),
            _put_mask(client, region.style_mask),
            region.strength,
            region.space,
            isinstance(region.style, LookFile),
        )
        for region in task.regions
    ]


def _put_look(client: Client, look: LookFile) -> str:
    from photostyle_protocol.images import ImageSpec

    return client.put(ImageSpec(1, len(look.data), 1, "uint8"), look.data)


def _put_mask(client: Client, mask: Pixels | None) -> str | None:
    return None if mask is None else _put(client, mask)


def _put(client: Client, pixels: Pixels) -> str:
    import numpy as np

    return client.put(_spec(pixels), np.ascontiguousarray(pixels))


def _spec(pixels: Pixels) -> ImageSpec:
    from photostyle.imaging.pixels import channels_of
    from photostyle_protocol.images import ImageSpec

    return ImageSpec(pixels.shape[0], pixels.shape[1], channels_of(pixels), pixels.dtype.name)


def _shown(show: Show) -> Callable[[ImageSpec, bytearray], None]:
    import numpy as np

    return lambda spec, data: show(np.frombuffer(data, spec.dtype).reshape(spec.height, spec.width, spec.channels))


def _fetched(client: Client, name: str, content: Pixels) -> Pixels:
    import numpy as np

    pixels = content if content.flags.writeable and content.flags.c_contiguous else np.empty_like(content, order="C")
    client.get_into(name, pixels)
    return pixels
