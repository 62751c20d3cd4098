"""Training of a generator for one content and its styles, coarse to fine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.networks.hires_generator import HiresGenerator
from photostyle.methods.optimisation.interruption import interruptible
from photostyle.methods.optimisation.levels import level_sizes, resized
from photostyle.methods.optimisation.objective import Objective, Weights
from photostyle.methods.optimisation.parts import regional
from photostyle.methods.optimisation.style_reader import StyleReader
from photostyle.methods.optimisation.working_copies import at_size, copied
from photostyle.ops.color_map import apply_color
from photostyle.ops.gaussian import fit_gaussian
from photostyle.ops.moments import channel_moments
from photostyle.ops.monge_kantorovich import monge_kantorovich
from photostyle_protocol.progress import Glimpse, Progress, within

STARTS = ("color", "content", "nothing")
_GREY = 0.5
_WARM_UP = 5
_COLDEST = 0.05
"""Share of the learning rate that is left at the last step."""
_LOOK_EVERY = 5
"""Steps between two glimpses: to read a loss is to wait for a GPU."""
_TRAINING_SHARE = 0.9


class Plan(NamedTuple):
    """How to train.

    Attributes:
        start: A word of `STARTS`: what the generator's output is added to.
        size: Longer side at the finest level.
        steps: At each level.
        learning_rate: Of Adam.
        weights: Of the losses.
    """

    start: str
    size: int
    steps: int
    learning_rate: float
    weights: Weights


def paint(reader: StyleReader, plan: Plan, content: Tensor, regions: Sequence[Region], progress: Progress) -> Tensor:
    """Train a generator and let it paint.

    Args:
        reader: What the losses look through.
        plan: How.
        content: (1, 3, H, W), nominally 0–1.
        regions: K of them.
        progress: Gets a glimpse after every few steps.

    Returns:
        (K, 3, H, W): each region's look on the whole content.
    """
    training = within(progress, 0.0, _TRAINING_SHARE)
    # The pipeline computes without gradients; what was made there cannot be differentiated, so it is copied.
    with torch.inference_mode(False), torch.enable_grad():
        original, copies = content.clone(), [_without_the_rest(region) for region in copied(regions)]
        generator = _generator(len(regions), plan.start).to(content.device)
        counting = _what_counts(original, torch.stack([region.weight for region in copies]).sum(0))
        bases = _bases(plan.start, counting, copies).clamp(0, 1)
        seen = counting.clamp(0, 1)
        _Pair(reader, plan, generator, training).train(seen, bases, copies)
    with torch.no_grad(), interruptible(generator, lambda: progress(_TRAINING_SHARE, "painting")):
        painted: Tensor = _bases(plan.start, original, copies) + generator(seen)
        return painted


def _generator(looks: int, start: str) -> HiresGenerator:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        generator = HiresGenerator(looks)
        if start == "nothing":
            generator.heads.reset_parameters()
    return generator


def _what_counts(picture: Tensor, weight: Tensor) -> Tensor:
    """A picture, in its mean colour where nothing counts: networks see more than what has a weight."""
    return torch.where(weight > 0, picture, channel_moments(picture, weight).mean)


def _without_the_rest(region: Region) -> Region:
    return region._replace(style=_what_counts(region.style, region.style_weight))


def _bases(start: str, content: Tensor, regions: Sequence[Region]) -> Tensor:
    """What the generator's output is added to in each look, (K, 3, H, W)."""
    if start == "color":
        return torch.cat([_colored(content, region) for region in regions])
    return (content if start == "content" else torch.full_like(content, _GREY)).repeat(len(regions), 1, 1, 1)


def _colored(content: Tensor, region: Region) -> Tensor:
    """The content in a region's colour statistics, by Monge and Kantorovich's map."""
    of_style = fit_gaussian(region.style, region.style_weight)
    return apply_color(content, monge_kantorovich(fit_gaussian(content, region.weight), of_style))


class _Pair:
    """A generator that learns one content and its styles.

    Args:
        reader: What the losses look through.
        plan: How to train.
        generator: Learns.
        progress: Of the training.
    """

    def __init__(self, reader: StyleReader, plan: Plan, generator: HiresGenerator, progress: Progress) -> None:
        self._reader = reader
        self._plan = plan
        self._generator = generator
        self._progress = progress
        self._optimizer = torch.optim.Adam(generator.parameters(), lr=plan.learning_rate)
        self._step = self._steps = 0

    def train(self, content: Tensor, bases: Tensor, regions: Sequence[Region]) -> None:
        """Learn at each size from coarse to fine."""
        sizes = level_sizes(content.shape[2], content.shape[3], self._plan.size)
        self._steps = self._plan.steps * len(sizes)
        with interruptible(self._reader.network, self._ask), interruptible(self._generator, self._ask):
            for size in sizes:
                self._learn(resized(content, size), resized(bases, size), at_size(regions, size))

    def _learn(self, content: Tensor, bases: Tensor, regions: Sequence[Region]) -> None:
        blends = torch.cat([region.blend for region in regions])
        aim = content if self._plan.start == "nothing" else (blends * bases).sum(0, keepdim=True).clamp(0, 1)
        objective = Objective(self._reader, aim, regional(regions), "all", self._plan.weights)
        best = _Best(self._generator)
        for _ in range(self._plan.steps):
            picture = (blends * (bases + self._generator(content))).sum(0, keepdim=True)
            losses = objective(picture)
            if self._step % _LOOK_EVERY == 0 or self._step == self._steps - 1:
                best.met(self._report(losses, picture.detach()))
            self._descend(losses["total"])
        best.restore()

    def _descend(self, loss: Tensor) -> None:
        warm = min(1.0, (self._step + 1) / _WARM_UP)
        cosine = 0.5 * (1 + math.cos(math.pi * self._step / self._steps))
        for group in self._optimizer.param_groups:
            group["lr"] = self._plan.learning_rate * warm * max(cosine, _COLDEST)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()
        self._step += 1

    def _ask(self) -> None:
        """Whether to go on: `Progress` raises where not."""
        self._progress(self._step / self._steps, "learning")

    def _report(self, losses: dict[str, Tensor], picture: Tensor) -> float:
        """Show the picture and its losses; what is minimised comes back."""
        read = {name: float(loss.detach()) for name, loss in losses.items()}
        self._progress(self._step / self._steps, "learning", Glimpse(read, lambda: picture.clamp(0, 1)))
        return read["total"]


class _Best:
    """The weights with the lowest loss that was met: a generator that finds nothing better stays as it was."""

    def __init__(self, generator: HiresGenerator) -> None:
        self._generator = generator
        self._lowest = math.inf
        self._weights = self._copy()

    def met(self, loss: float) -> None:
        """Remember the weights if the loss is the lowest; one that is no number never is."""
        if loss < self._lowest:
            self._lowest, self._weights = loss, self._copy()

    def restore(self) -> None:
        """Go back to the best."""
        self._generator.load_state_dict(self._weights)

    def _copy(self) -> dict[str, Tensor]:
        return {name: tensor.clone() for name, tensor in self._generator.state_dict().items()}
