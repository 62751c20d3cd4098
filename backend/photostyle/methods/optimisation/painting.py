"""One job of optimisation: coarse to fine, stage by stage, to a look of each region."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.optimisation.descent import descend
from photostyle.methods.optimisation.interruption import interruptible
from photostyle.methods.optimisation.levels import carried, level_sizes, resized
from photostyle.methods.optimisation.objective import Objective, Weights
from photostyle.methods.optimisation.parts import Part
from photostyle.methods.optimisation.style_reader import StyleReader
from photostyle.methods.optimisation.working_copies import at_size, copied, seen_content
from photostyle.ops.color_map import blend_color
from photostyle.ops.gaussian import fit_gaussian
from photostyle.ops.guided_filter import apply_guided, fit_guided
from photostyle.ops.monge_kantorovich import monge_kantorovich
from photostyle_protocol.progress import Glimpse, Progress, within

STARTS = ("color", "content", "noise")


class Stage(NamedTuple):
    """One descent at each level.

    Attributes:
        name: For people.
        parts: Over what the style is compared.
    """

    name: str
    parts: Callable[[Sequence[Region]], list[Part]]


class Plan(NamedTuple):
    """How to optimise.

    Attributes:
        stages: At each level, in this order.
        layers: Which taps carry style.
        weights: Of the losses.
        optimizer: ``lbfgs`` or ``adam``.
        start: ``content`` or ``noise``.
        size: Longer side at the finest level.
        steps: Of all stages at one level.
        filtered: Whether every step sees the picture through the guided filter.
        cleaned: Whether a stage ends with the guided filter.
    """

    stages: tuple[Stage, ...]
    layers: str
    weights: Weights
    optimizer: str
    start: str
    size: int
    steps: int
    filtered: bool = False
    cleaned: bool = False


def paint(reader: StyleReader, plan: Plan, content: Tensor, regions: Sequence[Region], progress: Progress) -> Tensor:
    """Optimise one picture for all regions.

    Args:
        reader: What the losses look through.
        plan: How.
        content: (1, 3, H, W), nominally 0–1.
        regions: K of them.
        progress: Gets a glimpse after every step.

    Returns:
        (1, 3, H, W), in which each region has its look.
    """
    # The pipeline computes without gradients; what was made there cannot be differentiated, so it is copied.
    with torch.inference_mode(False), torch.enable_grad():
        original = seen_content(content, regions)
        copies = copied(regions)
        wanted = _colored(original, copies) if plan.start == "color" else original
        change = wanted - original
        sizes = level_sizes(content.shape[2], content.shape[3], plan.size)
        work = sum(h * w for h, w in sizes)
        done = 0.0
        for number, size in enumerate(sizes):
            share = size[0] * size[1] / work
            small, aim = (resized(x.clamp(0, 1), size) for x in (original, wanted))
            level = _Level(reader, plan, small, aim, at_size(copies, size))
            picture = _noise(level.content) if number == 0 and plan.start == "noise" else carried(change, level.content)
            change = level.paint(picture, within(progress, done, done + share)) - level.content
            done += share
        return carried(change, content.clone())


class _Level:
    """A picture at one size and its regions there."""

    def __init__(
        self, reader: StyleReader, plan: Plan, content: Tensor, wanted: Tensor, regions: Sequence[Region]
    ) -> None:
        self._reader = reader
        self._plan = plan
        self.content = content
        self._wanted = wanted
        self._regions = regions

    def paint(self, picture: Tensor, progress: Progress) -> Tensor:
        """All stages, one after the other."""
        count = len(self._plan.stages)
        for number, stage in enumerate(self._plan.stages):
            picture = self._descended(picture, stage, within(progress, number / count, (number + 1) / count))
        return picture

    def _descended(self, picture: Tensor, stage: Stage, progress: Progress) -> Tensor:
        plan = self._plan
        count = max(1, plan.steps // len(plan.stages))
        steps = _Steps(progress, stage.name, count)
        with interruptible(self._reader.network, steps.ask):
            parts = stage.parts(self._regions)
            objective = Objective(self._reader, self._wanted, parts, plan.layers, plan.weights)
            view = self._filter if plan.filtered else _as_it_is
            found = descend(objective, picture, view, plan.optimizer, count, steps.report)
        return (self._filter(found) if plan.cleaned else found).clamp(0, 1)

    def _filter(self, picture: Tensor) -> Tensor:
        """What is left of a picture in local affine transforms of the content's colours."""
        maps = fit_guided(self.content, picture, torch.ones_like(picture[:, :1]))
        return apply_guided(maps, self.content, 0, self.content.shape[2])


class _Steps:
    """Where a descent is, for whoever waits for it."""

    def __init__(self, progress: Progress, stage: str, count: int) -> None:
        self._progress = progress
        self._stage = stage
        self._count = count
        self._done = 0

    def ask(self) -> None:
        """Whether to go on: `Progress` raises where not."""
        self._progress(min(1.0, self._done / self._count), self._stage)

    def report(self, losses: dict[str, float], seen: Callable[[], Tensor]) -> None:
        """A step was done."""
        self._done += 1
        glimpse = Glimpse(losses, lambda: seen().clamp(0, 1))
        self._progress(min(1.0, self._done / self._count), self._stage, glimpse)


def _as_it_is(picture: Tensor) -> Tensor:
    return picture


def _colored(content: Tensor, regions: Sequence[Region]) -> Tensor:
    """The content in each region's colour statistics, by Monge and Kantorovich's map."""
    maps = [monge_kantorovich(fit_gaussian(content, r.weight), fit_gaussian(r.style, r.style_weight)) for r in regions]
    return blend_color(content, maps, [region.blend for region in regions])


def _noise(like: Tensor) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.rand(like.shape, generator=generator).to(like.device)
