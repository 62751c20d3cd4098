"""The methods that can be chosen, as the dialogs show them; a test holds them equal to the engine's."""

from __future__ import annotations

from dataclasses import dataclass

from photostyle_plugin.language import Word
from photostyle_protocol.request import Scalar

_LONGEST_PATH = 4096
LEFT_OUT = ("features", "weights")
"""Options of the engine that no dialog shows: which network a method looks through is settled once, when one is
fetched, and not anew for each picture."""


@dataclass(frozen=True)
class OptionChoice:
    """One option of a method.

    Attributes:
        name: As the engine calls it.
        default: Also decides the type: a whole number, a number, a word, or without `choices` the path of a file.
        minimum: Smallest number, if it is a number.
        maximum: Largest number, if it is a number.
        choices: The words that it may be, if it is a word.
    """

    name: str
    default: Scalar
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def is_file(self) -> bool:
        """Whether it names a file; empty is none."""
        return isinstance(self.default, str) and not self.choices

    @property
    def label(self) -> str:
        """Its name for people."""
        return str(getattr(_Labels, self.name))

    @property
    def help(self) -> str:
        """One sentence."""
        return str(getattr(_Labels, f"{self.name}_help"))

    def choice_label(self, choice: str) -> str:
        """The name of one of `choices` for people."""
        return str(getattr(_Labels, f"{self.name}_{choice}"))

    def allows(self, value: object) -> bool:
        """Whether the engine would take this value."""
        if self.choices:
            return isinstance(value, str) and value in self.choices
        if self.is_file:
            return isinstance(value, str) and len(value) <= _LONGEST_PATH
        if not isinstance(value, int if isinstance(self.default, int) else (int, float)) or isinstance(value, bool):
            return False
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)


@dataclass(frozen=True)
class MethodChoice:
    """One method.

    Attributes:
        name: As the engine calls it.
        options: What can be set.
    """

    name: str
    options: tuple[OptionChoice, ...] = ()

    @property
    def label(self) -> str:
        """Its name for people."""
        return str(getattr(_Labels, self.name.replace("-", "_")))

    @property
    def blurb(self) -> str:
        """What it is good for, one sentence."""
        return str(getattr(_Labels, f"{self.name.replace('-', '_')}_help"))

    @property
    def style_file(self) -> OptionChoice | None:
        """The option whose file takes the style picture's place; ``None`` where a picture is needed."""
        return next((option for option in self.options if option.is_file), None)


class _Labels:
    """The words for methods, options and choices, by name."""

    rest = Word("Photorealistic network (REST)")
    rest_help = Word(
        "Colours and local contrast by a network that keeps the photograph sharp. The best for most pictures."
    )
    multistage = Word("Optimisation in stages (Yang)")
    multistage_help = Word("Closest to the style, and still made of the photograph. Takes seconds to minutes.")
    gatys = Word("Neural style (Gatys)")
    gatys_help = Word(
        "Paints the style's textures into the photograph. Best seen with the detail as the method makes it."
    )
    layers = Word("Scale of the style")
    layers_help = Word(
        "Which features are taken from the style: fine ones are colours and grain, coarse ones are patterns."
    )
    layers_all = Word("Fine and coarse")
    layers_fine = Word("Fine")
    layers_coarse = Word("Coarse")
    optimizer = Word("Optimiser")
    optimizer_help = Word("L-BFGS needs fewer steps; Adam makes equal ones.")
    optimizer_lbfgs = Word("L-BFGS")
    optimizer_adam = Word("Adam")
    start_noise = Word("Noise")
    stages = Word("Stages")
    stages_help = Word("Whether the whole picture takes the style, each region its own, or one after the other.")
    stages_both = Word("The whole, then regions")
    stages_global = Word("The whole")
    stages_regional = Word("Regions")
    filter = Word("Photograph filter")
    filter_help = Word("What keeps the result a photograph: in every step comes closer to the style.")
    filter_inside = Word("In every step")
    filter_stage = Word("After each stage")
    filter_off = Word("Off")
    restyle = Word("Feature aggregation (Restyle)")
    restyle_help = Word("A network that puts the style's contrast and colours into what it sees. Softer than REST.")
    monge_kantorovich = Word("Colour map (Monge–Kantorovich)")
    monge_kantorovich_help = Word("One smooth map of all colours. Fast and very gentle.")
    reinhard = Word("Mean and contrast (Reinhard)")
    reinhard_help = Word("Brightness, contrast and colour cast of the style, channel by channel. The classic.")
    pitie = Word("Whole palette (Pitié)")
    pitie_help = Word("The style's whole distribution of colours. Strong; may exaggerate noise.")
    hires = Word("Network for each pair (Hi-Res)")
    hires_help = Word("Learns a network for this picture and this style. Takes about half a minute.")
    size = Word("Working size")
    size_help = Word("Pixels along the longer side while it works: more is finer and slower.")
    steps = Word("Steps")
    steps_help = Word("More of them come closer to the style and take longer.")
    learning_rate = Word("Pace")
    learning_rate_help = Word("How far each step goes: more is faster and less steady.")
    content_weight = Word("Weight of the photograph")
    content_weight_help = Word("How much the photograph's own shapes count.")
    style_weight = Word("Weight of the style")
    style_weight_help = Word("How much the style's colours and textures count.")
    tv_weight = Word("Smoothness")
    tv_weight_help = Word("How much unrest from pixel to pixel counts against the result.")
    start = Word("Start")
    start_help = Word("What the optimisation begins with.")
    start_color = Word("The photograph in the style's colours")
    start_content = Word("The photograph")
    start_nothing = Word("Nothing")
    johnson = Word("Trained style (Johnson)")
    johnson_help = Word("Paints the style that was trained into a file. The style picture plays no part.")
    model = Word("Style file")
    model_help = Word("What photostyle train johnson made, on the machine that does the work.")
    form = Word("Form")
    form_help = Word("The network on top of the photograph's own pixels, or the network alone as in the paper.")
    form_skip = Word("Colour map and network")
    form_kept = Word("Photograph and network")
    form_paper = Word("Network alone")
    residual = Word("Share of the network")
    residual_help = Word("How much the network adds to the colour map: 0 is the map alone, 1 is usual.")
    fidelity = Word("Fidelity")
    fidelity_help = Word("How much of the photograph's own tones stays: 0 is closest to the style.")
    transform = Word("Statistics")
    transform_help = Word("What the network's features take from the style: each channel by itself, or all together.")
    transform_adain = Word("Channel by channel")
    transform_wct = Word("With correlations")
    aggregation = Word("Aggregation")
    aggregation_help = Word("How the style enters. As printed in the paper, the photograph stays as it is.")
    aggregation_moments = Word("Mean and contrast")
    aggregation_printed = Word("As printed")
    iterations = Word("Iterations")
    iterations_help = Word("More of them come closer to the style's colours.")


_OPTIMISED = (
    OptionChoice("size", 512, 64, 2048),
    OptionChoice("steps", 30, 1, 2000),
    OptionChoice("content_weight", 1.0, 0.0, 10000.0),
    OptionChoice("style_weight", 10.0, 0.0, 100000.0),
    OptionChoice("tv_weight", 3.0, 0.0, 1000.0),
    OptionChoice("layers", "all", choices=("all", "fine", "coarse")),
    OptionChoice("optimizer", "lbfgs", choices=("lbfgs", "adam")),
    OptionChoice("start", "color", choices=("color", "content", "noise")),
)
"""What both optimising methods have."""

METHODS = (
    MethodChoice(
        "rest",
        (
            OptionChoice("form", "skip", choices=("skip", "paper")),
            OptionChoice("residual", 1.0, 0.0, 2.0),
            OptionChoice("fidelity", 0.5, 0.0, 1.0),
            OptionChoice("transform", "adain", choices=("adain", "wct")),
        ),
    ),
    MethodChoice(
        "multistage",
        (
            *_OPTIMISED,
            OptionChoice("stages", "both", choices=("both", "global", "regional")),
            OptionChoice("filter", "stage", choices=("stage", "inside", "off")),
        ),
    ),
    MethodChoice("gatys", _OPTIMISED),
    MethodChoice(
        "restyle",
        (
            OptionChoice("form", "kept", choices=("kept", "paper")),
            OptionChoice("aggregation", "moments", choices=("moments", "printed")),
        ),
    ),
    MethodChoice("monge-kantorovich"),
    MethodChoice("reinhard"),
    MethodChoice("pitie", (OptionChoice("iterations", 12, 1, 100),)),
    MethodChoice(
        "hires",
        (
            OptionChoice("size", 256, 64, 2048),
            OptionChoice("steps", 30, 1, 2000),
            OptionChoice("learning_rate", 0.001, 1e-5, 0.1),
            OptionChoice("content_weight", 1.0, 0.0, 10000.0),
            OptionChoice("style_weight", 5.0, 0.0, 100000.0),
            OptionChoice("tv_weight", 0.05, 0.0, 1000.0),
            OptionChoice("start", "color", choices=("color", "content", "nothing")),
        ),
    ),
    MethodChoice("johnson", (OptionChoice("model", ""),)),
)
"""All methods, the default first."""


def method_named(name: str) -> MethodChoice:
    """The method of this name; the default where there is none."""
    return next((method for method in METHODS if method.name == name), METHODS[0])
