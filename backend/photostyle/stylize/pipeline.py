"""The main way: pixels → proxy → regions → method → finish → pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.methods.base import Method
from photostyle.methods.mapped import MappedMethod
from photostyle.methods.overview import AtOnce, TiledMethod
from photostyle.stylize.canvas import ArrayCanvas, Canvas
from photostyle.stylize.composition import Composition, Look
from photostyle.stylize.engine import Engine
from photostyle.stylize.finish import RawFinish, fit_finish
from photostyle.stylize.looks import check_look
from photostyle.stylize.mapped import MappedFinish, fit_maps, maps_of
from photostyle.stylize.names import Names, names_of
from photostyle.stylize.out_of_memory import is_out_of_memory
from photostyle.stylize.pixels import check_mask, check_picture
from photostyle.stylize.proxy import PROXY_PIXELS, proxy_size
from photostyle.stylize.regions import RegionSet, build_regions, match_regions
from photostyle.stylize.replay import Replay
from photostyle.stylize.scene import Scene
from photostyle.stylize.seen import Seen, see
from photostyle.stylize.series import OfSeries, check_series
from photostyle.stylize.settings import check_settings, check_share, refuse_files
from photostyle.stylize.strips import strips
from photostyle.stylize.styles import styles_of
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle.stylize.tiled_finish import TiledFinish
from photostyle.stylize.veil import Veil
from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.look_file import LookFile
from photostyle_protocol.progress import Progress, within
from photostyle_protocol.request import Scalar

_METHOD_SHARE = 0.5
"""Share of the progress bar for everything before the finish is applied."""


class _Plan(NamedTuple):
    """A checked request."""

    method: Method
    options: dict[str, Scalar]
    finish: str
    pixels: int
    is_tiled: bool

    @property
    def is_mapped(self) -> bool:
        """Whether its own output at full size is a map of colours."""
        return self.is_tiled and isinstance(self.method, MappedMethod)


def stylize(task: StylizeTask, progress: Progress, engine: Engine, pixels: int = PROXY_PIXELS) -> Pixels:
    """Run one job and keep its result in memory.

    Args:
        task: See `draw`.
        progress: See `draw`.
        engine: See `draw`.
        pixels: See `draw`.

    Returns:
        New pixels of the content's shape and type; see `draw`.

    Raises:
        BadInputError: The request cannot be done; nothing was started.
    """
    canvas = ArrayCanvas.like(task.content)
    draw(task, canvas, progress, engine, pixels)
    return canvas.pixels


@torch.inference_mode()
def draw(task: StylizeTask, canvas: Canvas, progress: Progress, engine: Engine, pixels: int = PROXY_PIXELS) -> None:
    """Run one job.

    Args:
        task: The request with its pixels.
        canvas: Takes pixels of the content's shape and type. Alpha, and everything where the mask that limits the
            result is 0, equals the content to the bit.
        progress: Called between small steps; may raise `JobCancelledError`.
        engine: The device and the warm methods.
        pixels: Of the copies of content and style that the method sees.

    Raises:
        BadInputError: The request cannot be done; nothing was started.
    """
    plan = _checked(task, engine, pixels)
    progress(0.0, "reading")
    if _nothing_to_do(task):
        _copy(task.content, canvas)
        progress(1.0, "reading")
        return
    is_kept = plan.method.is_swift and (plan.finish != "none" or plan.is_mapped) and task.series is None
    names = names_of(task, str(pixels)) if is_kept else None

    def make() -> Look:
        return _look(task, plan, engine, names, progress)

    regions, finish = make() if names is None else engine.looks.get(names.look, make)
    _apply(Composition(task, regions, finish, engine.device), canvas, progress)


def _look(task: StylizeTask, plan: _Plan, engine: Engine, names: Names | None, progress: Progress) -> Look:
    seen = _seen(task, plan, engine.device)
    regions = _regions(task, seen, engine, plan.pixels)
    if plan.is_tiled:
        return _tiled(task, plan, seen, regions, progress)
    regions, finish = _fitted(task, plan, seen, regions, names, progress)
    # What was only for the method's eyes need not be kept.
    return Look(regions._replace(regions=[]), finish)


def _regions(task: StylizeTask, seen: Seen, engine: Engine, pixels: int) -> RegionSet:
    styles = styles_of(task.regions, engine, pixels)
    if task.settings.regions == "auto":
        return match_regions(task.regions[0], styles[0], seen.content, seen.weight)
    return build_regions(task.regions, styles, seen.content, seen.weight)


def _checked(task: StylizeTask, engine: Engine, pixels: int) -> _Plan:
    settings = task.settings
    method = engine.method(settings.method)
    check_settings(settings)
    options = method.complete(settings.options)
    if not task.may_name_files:
        refuse_files(method.options, options)
    if not task.regions:
        raise BadOptionError("The request names no region.", "Give at least one style.")
    if settings.regions == "auto" and (len(task.regions) > 1 or task.regions[0].content_mask is not None):
        raise BadOptionError(
            "Regions were given, and automatic regions are wanted as well.", "Give regions, or let them be found."
        )
    check_picture(task.content, "content")
    if task.mask is not None:
        check_mask(task.mask, task.content, "mask")
    for region in task.regions:
        _check_region(region, task, method)
    if task.series is not None:
        check_series(method, settings)
        if len(task.regions) > 1 or task.regions[0].content_mask is not None:
            raise BadOptionError("A series cannot have regions.", "Leave them out, or give each picture its own look.")
    finish = method.finish if settings.finish == "auto" else settings.finish
    is_large = task.content.shape[0] * task.content.shape[1] > pixels
    return _Plan(method, options, finish, pixels, finish == "none" and is_large and isinstance(method, TiledMethod))


def _check_region(region: RegionPixels, task: StylizeTask, method: Method) -> None:
    check_share(region.strength, "strength of a region")
    if region.content_mask is not None:
        check_mask(region.content_mask, task.content, "content region")
    if isinstance(region.style, LookFile):
        check_look(region.style, region, method, task.settings)
        return
    check_picture(region.style, "style")
    if region.style_mask is not None:
        check_mask(region.style_mask, region.style, "style region")


def _nothing_to_do(task: StylizeTask) -> bool:
    return task.settings.strength == 0 or (task.limit is not None and not task.limit.any())


def _seen(task: StylizeTask, plan: _Plan, device: torch.device) -> Seen:
    height, width = task.content.shape[:2]
    is_whole = plan.finish == "none" and not plan.is_tiled
    return see(task, (height, width) if is_whole else proxy_size(height, width, plan.pixels), device)


def _fitted(  # noqa: PLR0913, PLR0917 - all that is known so far
    task: StylizeTask, plan: _Plan, seen: Seen, regions: RegionSet, names: Names | None, progress: Progress
) -> Look:
    """What the method makes of what it sees, as a look for all of the picture."""
    watched = within(Veil(task, seen.content).over(progress), 0.05, _METHOD_SHARE - 0.05)
    if task.series is not None:
        method = check_series(plan.method, task.settings)
        overview = OfSeries(task.series, regions.regions, seen.content.device)
        looks = method.paint(seen.content, regions.regions, plan.options, watched, overview)
    elif plan.finish == "none":
        looks = _own_output(plan, seen, regions, _is_coarse(task), watched)
    else:
        scene = names.scene + str(plan.pixels).encode() if names else None
        looks = plan.method.stylize_for_finish(seen.content, regions.regions, plan.options, watched, scene)
    if task.settings.regions == "auto":
        regions, looks = regions.merged(looks)
    if plan.finish == "none":
        return Look(regions, RawFinish(looks))
    fitting = within(progress, _METHOD_SHARE - 0.05, _METHOD_SHARE)
    return Look(regions, fit_finish(plan.finish, seen.content, looks, regions.regions, task.content.shape[0], fitting))


def _own_output(plan: _Plan, seen: Seen, regions: RegionSet, is_coarse: bool, progress: Progress) -> Tensor:
    method, content = plan.method, seen.content
    if not isinstance(method, TiledMethod):
        return method.stylize(content, regions.regions, plan.options, progress)
    overview = AtOnce(content, regions.regions, is_coarse=is_coarse)
    return method.paint(content, regions.regions, plan.options, progress, overview)


def _is_coarse(task: StylizeTask) -> bool:
    return task.content.dtype.itemsize == 1


def _tiled(task: StylizeTask, plan: _Plan, seen: Seen, regions: RegionSet, progress: Progress) -> Look:
    """What the method makes of the picture itself."""
    scene = Scene.of(task, seen.weighting, seen.content, seen.weight, regions)
    if isinstance(plan.method, MappedMethod):
        return Look(regions._replace(regions=[]), _mapped(plan.method, scene, progress))
    assert isinstance(plan.method, TiledMethod)  # noqa: S101 - that is what `is_tiled` says
    is_auto = task.settings.regions == "auto"
    if task.series is None:
        overview = Replay(seen.content, regions.regions, is_coarse=_is_coarse(task))
    else:
        overview = OfSeries(task.series, regions.regions, seen.content.device)
    painting = within(progress, _METHOD_SHARE, 1.0)
    finish = TiledFinish(plan.method, plan.options, scene, is_auto, overview, painting)
    if task.series is None:
        finish.measure(within(progress, 0.05, _METHOD_SHARE))
    return Look(regions.whole() if is_auto else regions, finish)


def _mapped(method: MappedMethod, scene: Scene, progress: Progress) -> MappedFinish:
    if scene.task.series is None:
        return fit_maps(method, scene, within(progress, 0.05, _METHOD_SHARE))
    overview = OfSeries(scene.task.series, scene.regions.regions, scene.content.device)
    return maps_of(method, scene, overview.gaussians([]))


def _copy(content: Pixels, canvas: Canvas) -> None:
    for rows in strips(*content.shape[:2]):
        canvas.add(content[rows])


def _apply(composition: Composition, canvas: Canvas, progress: Progress) -> None:
    """Draw all strips; while one is on its way from a GPU, the next is computed."""
    last: Callable[[], Pixels] | None = None
    for begun in _begun_strips(composition, progress):
        if last is not None:
            canvas.add(last())
        last = begun
    if last is not None:
        canvas.add(last())
    progress(1.0, "applying the finish")


def _begun_strips(composition: Composition, progress: Progress) -> Iterator[Callable[[], Pixels]]:
    height, width = composition.task.content.shape[:2]
    for rows in strips(height, width):
        progress(_METHOD_SHARE + (1 - _METHOD_SHARE) * rows.start / height, "applying the finish")
        yield from _begun_rows(composition, rows)


def _begun_rows(composition: Composition, rows: slice) -> Iterator[Callable[[], Pixels]]:
    """Begin a strip, in narrower ones where memory runs out."""
    try:
        begun = composition.begin(rows)
    except Exception as error:
        if not is_out_of_memory(error) or rows.stop - rows.start == 1:
            raise
    else:
        yield begun
        return
    middle = (rows.start + rows.stop) // 2
    for half in (slice(rows.start, middle), slice(middle, rows.stop)):
        yield from _begun_rows(composition, half)
