"""Multi-stage optimisation: the style of the whole, then of each region, with the guided filter between."""

from __future__ import annotations

from collections.abc import Mapping

from photostyle.methods.base import Option
from photostyle.methods.optimisation.method import OptimisingMethod, plan_of
from photostyle.methods.optimisation.options import PIXEL_OPTIONS
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
        *PIXEL_OPTIONS,
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
        where = options["filter"]
        plan = plan_of(options, STAGES[str(options["stages"])])
        return plan._replace(filtered=where == "inside", cleaned=where == "stage")
