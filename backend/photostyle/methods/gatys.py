"""Gatys: pixels that have the content's features and the style's Gram matrices."""

from __future__ import annotations

from collections.abc import Mapping

from photostyle.methods.optimisation.method import OptimisingMethod, plan_of
from photostyle.methods.optimisation.options import PIXEL_OPTIONS
from photostyle.methods.optimisation.painting import Plan, Stage
from photostyle.methods.optimisation.parts import regional
from photostyle.methods.perceptual import FEATURE_OPTIONS
from photostyle_protocol.request import Scalar


class Gatys(OptimisingMethod):
    """Every pixel is free. Regions have Gram matrices of their own, as in Gatys et al. 2017."""

    name = "gatys"
    title = "Gatys: neural style"
    paper = "Gatys, Ecker and Bethge, Image style transfer using convolutional neural networks, CVPR 2016"
    options = (*PIXEL_OPTIONS, *FEATURE_OPTIONS)
    finish = "guided"

    def plan(self, options: Mapping[str, Scalar]) -> Plan:
        """One descent at each size."""
        return plan_of(options, (Stage("optimising", regional),))
