"""Hires: a high-resolution generator that is trained for each pair of photographs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor

from photostyle.methods.base import Option, Region
from photostyle.methods.networks.hires_training import STARTS, Plan, paint
from photostyle.methods.optimisation.objective import Weights
from photostyle.methods.perceptual import FEATURE_OPTIONS, PerceptualMethod
from photostyle_protocol.progress import Progress
from photostyle_protocol.request import Scalar


class Hires(PerceptualMethod):
    """The unknowns are a network's weights, not pixels: what it can paint easily is smooth and follows the content.

    Regions have Gram matrices of their own and last layers of their own.
    """

    name = "hires"
    title = "Hi-Res: a generator for each pair"
    paper = "Li, Wen, Wang, Liu and Zhao, High-resolution network for photorealistic style transfer, 2019"
    options = (
        Option("size", 256, "Longer side at which it learns, in pixels; more is finer and slower.", 64, 2048),
        Option("steps", 30, "Steps at each of up to three sizes from coarse to fine.", 1, 2000),
        Option("learning_rate", 0.001, "Of Adam; more is faster and less steady.", 1e-5, 0.1),
        Option("content_weight", 1.0, "How much the photograph's own features count.", 0.0, 10000.0),
        Option("style_weight", 5.0, "How much the style's Gram matrices count.", 0.0, 100000.0),
        Option("tv_weight", 0.05, "How much unrest from pixel to pixel counts (total variation).", 0.0, 1000.0),
        Option(
            "start",
            "color",
            "What the network adds to: the photograph in the style's colours, the photograph, or nothing as in the "
            "paper, which takes hundreds of steps.",
            choices=STARTS,
        ),
        *FEATURE_OPTIONS,
    )
    finish = "grid"
    working_bytes = 460 * 2**20
    pixel_bytes = 2200
    learned_bytes = 13_000

    def stylize(
        self, content: Tensor, regions: Sequence[Region], options: Mapping[str, Scalar], progress: Progress
    ) -> Tensor:
        """Train, then paint; see `Method.stylize`."""
        return paint(self.reader(options, progress), _plan(options), content, regions, progress)


def _plan(options: Mapping[str, Scalar]) -> Plan:
    return Plan(
        start=str(options["start"]),
        size=int(options["size"]),
        steps=int(options["steps"]),
        learning_rate=float(options["learning_rate"]),
        weights=Weights(*(float(options[f"{name}_weight"]) for name in ("content", "style", "tv"))),
    )
