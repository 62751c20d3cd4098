"""What an optimising method is made of, but for its plan."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence

from torch import Tensor

from photostyle.methods.base import Region
from photostyle.methods.optimisation.looks import looks
from photostyle.methods.optimisation.objective import Weights
from photostyle.methods.optimisation.painting import Plan, Stage, paint
from photostyle.methods.perceptual import PerceptualMethod
from photostyle_protocol.progress import Progress
from photostyle_protocol.request import Scalar


class OptimisingMethod(PerceptualMethod):
    """Optimises one picture for all regions through a perceptual network."""

    working_bytes = 250 * 2**20
    pixel_bytes = 230
    learned_bytes = 550

    @abstractmethod
    def plan(self, options: Mapping[str, Scalar]) -> Plan:
        """How to optimise with these options."""

    def stylize(
        self, content: Tensor, regions: Sequence[Region], options: Mapping[str, Scalar], progress: Progress
    ) -> Tensor:
        """Optimise coarse to fine; see `Method.stylize`."""
        reader = self.reader(options, progress)
        return looks(content, paint(reader, self.plan(options), content, regions, progress), regions)


def _weights(options: Mapping[str, Scalar]) -> Weights:
    """The weights of the losses."""
    return Weights(*(float(options[f"{name}_weight"]) for name in ("content", "style", "tv")))


def plan_of(options: Mapping[str, Scalar], stages: tuple[Stage, ...]) -> Plan:
    """A plan with the options that all share, and these stages."""
    return Plan(
        stages=stages,
        layers=str(options["layers"]),
        weights=_weights(options),
        optimizer=str(options["optimizer"]),
        start=str(options["start"]),
        size=int(options["size"]),
        steps=int(options["steps"]),
    )
