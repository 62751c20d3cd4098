"""Multi-stage optimisation: the style of the whole, then of each region, with the guided filter between."""

from __future__ import annotations

from collections.abc import Mapping

from photostyle.methods.base import Option
from photostyle.methods.optimisation import options as shared
from photostyle.methods.optimisation.method import OptimisingMethod, weights_of
from photostyle.methods.optimisation.painting import Plan, Stage
from photostyle.methods.optimisation.parts import regional, whole
from photostyle.methods.perceptual import FEATURE_OPTIONS
from photostyle_protocol.request import Scalar

_GLOBAL = Stage("optimising the whole", whole)
_REGIONAL = Stage("optimising the regions", regional)
STAGES = {"both": (_GLOBAL, _REGIONAL), "global": (_GLOBAL,), "regional": (_REGIONAL,)}


class Multistage(OptimisingMethod):
    """Yang's alternation at each of a few sizes.

    The guided filter, guided by the content, keeps the result in local affine transforms of the photograph's colours.
    """

    name = "multistage"
    title = "Multi-stage optimisation"
    paper = "Yang, Multi-stage optimization for photorealistic neural style transfer, CVPR Workshops 2019"
    options = (
        shared.SIZE,
        shared.STEPS,
        shared.CONTENT_WEIGHT,
        shared.STYLE_WEIGHT,
        shared.TV_WEIGHT,
        shared.LAYER_CHOICE,
        shared.OPTIMIZER,
        shared.START,
        Option("stages", "both", "The whole and then its regions, or one of them alone.", choices=tuple(STAGES)),
        Option(
            "filter",
            "stage",
            "The guided filter: at the end of each stage as in the paper, inside every step, or off.",
            choices=("stage", "inside", "off"),
        ),
        *FEATURE_OPTIONS,
    )
    finish = "guided"

    def plan(self, options: Mapping[str, Scalar]) -> Plan:
        """The chosen stages at each size."""
        return Plan(
            stages=STAGES[str(options["stages"])],
            layers=str(options["layers"]),
            weights=weights_of(options),
            optimizer=str(options["optimizer"]),
            start=str(options["start"]),
            size=int(options["size"]),
            steps=int(options["steps"]),
            filtered=options["filter"] == "inside",
            cleaned=options["filter"] == "stage",
        )
