"""The options that all optimising methods share."""

from __future__ import annotations

from photostyle.methods.base import Option
from photostyle.methods.optimisation.descent import OPTIMIZERS
from photostyle.methods.optimisation.objective import LAYERS
from photostyle.methods.optimisation.painting import STARTS

SIZE = Option("size", 512, "Longer side at which it optimises, in pixels; more is finer and slower.", 64, 2048)
STEPS = Option("steps", 30, "Steps at each of up to three sizes, from coarse to fine.", 1, 2000)
CONTENT_WEIGHT = Option("content_weight", 1.0, "How much the photograph's own features count.", 0.0, 10000.0)
STYLE_WEIGHT = Option("style_weight", 10.0, "How much the style's Gram matrices count.", 0.0, 100000.0)
TV_WEIGHT = Option(
    "tv_weight", 3.0, "How much unrest counts where the photograph is calm (total variation).", 0.0, 1000.0
)
LAYER_CHOICE = Option(
    "layers", "all", "Which layers of the network carry style: all, the fine or the coarse half.", choices=LAYERS
)
OPTIMIZER = Option("optimizer", "lbfgs", "How to go down: L-BFGS, or Adam.", choices=OPTIMIZERS)
START = Option(
    "start",
    "color",
    "Where to begin: at the photograph in the style's colours, at the photograph, or at noise as in the papers.",
    choices=STARTS,
)
PIXEL_OPTIONS = (SIZE, STEPS, CONTENT_WEIGHT, STYLE_WEIGHT, TV_WEIGHT, LAYER_CHOICE, OPTIMIZER, START)
"""In the order in which they are shown."""
