"""``photostyle train``: train the networks on photographs of one's own."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from photostyle.features.base import Features
    from photostyle.training.run import Run
    from photostyle.training.trainer import Losses, Make

train = typer.Typer(
    help="Train the networks on photographs of your own.",
    epilog="Interrupted, the same command goes on from the last checkpoint.",
)

_Photos = Annotated[Path, typer.Argument(help="Folder of photographs, searched with its subfolders.")]
_Out = Annotated[Path, typer.Option("-o", "--out", help="Folder for checkpoints, model and contact sheets.")]
_Teacher = Annotated[str, typer.Option(help="Perceptual network: vgg19, vgg16, squeezenet, distilled-vgg, …")]
_Weights = Annotated[Path | None, typer.Option(help="Its safetensors file, where it has none of its own.")]
_Transform = Annotated[
    str, typer.Option(help="How features take the style's statistics: adain, or wct with all their correlations.")
]
_Iterations = Annotated[int, typer.Option(min=1, help="Steps in all.")]
_Pairs = Annotated[int, typer.Option(min=1, help="Pairs in a step.")]
_Photographs = Annotated[int, typer.Option(min=1, help="Photographs in a step, two crops of each.")]
_Crop = Annotated[int, typer.Option(min=32, help="Side of a training crop in pixels, a multiple of 16.")]
_Seed = Annotated[int, typer.Option(help="Of everything random.")]
_Every = Annotated[int, typer.Option(min=1, help="Iterations between two checkpoints.")]
_Device = Annotated[str, typer.Option(help="auto, cpu, cuda:0 or mps.")]

_USE_OF_A_FOLDER = "PHOTOSTYLE_MODELS={folder} photostyle stylize --no-daemon …"
_USE_OF_A_STYLE = "photostyle stylize PHOTO --method johnson --model {model} -o …"

_A_MOMENT = 0.5
"""Seconds between two readings of the losses: each makes a GPU wait."""


@dataclass(frozen=True)
class _Place:
    """Where a training finds what it needs, and where it writes."""

    photographs: Path
    out: Path
    teacher: str
    teacher_weights: Path | None
    device: str
    second: tuple[str, Path | None] | None = None


@train.command()
def rest(  # noqa: PLR0913, PLR0917 - each is an option of the command
    photographs: _Photos,
    out: _Out,
    teacher: _Teacher = "vgg19",
    teacher_weights: _Weights = None,
    form: Annotated[str, typer.Option(help="skip: a residual on the colour map; paper: the network alone.")] = "skip",
    transform: _Transform = "adain",
    paper_losses: Annotated[
        bool, typer.Option("--paper-losses", help="Only the paper's losses, with its weights 1, 1 and 2.")
    ] = False,
    distillation: Annotated[
        bool, typer.Option(help="Whether the encoder learns to tell the teacher's features.")
    ] = True,
    iterations: _Iterations = 20_000,
    batch: _Pairs = 4,
    crop: _Crop = 128,
    seed: _Seed = 0,
    every: _Every = 500,
    device: _Device = "auto",
) -> None:
    """Train REST."""
    from photostyle.training.rest import PAPER_LOSSES, LossWeights, RestConfig, RestTrainer

    weights = PAPER_LOSSES if paper_losses else LossWeights()
    config = RestConfig(
        residual=_is_residual(form),
        transform=transform,
        iterations=iterations,
        batch=batch,
        crop=crop,
        seed=seed,
        weights=weights if distillation else replace(weights, distill=0.0),
    )
    place = _Place(photographs, out, teacher, teacher_weights, device)
    _train(place, crop, every, partial(RestTrainer, config))


@train.command()
def look(  # noqa: PLR0913, PLR0917 - each is an option of the command
    photographs: _Photos,
    out: _Out,
    start: Annotated[
        Path | None, typer.Option(help="Folder of a training of rest; without, the network that is in use.")
    ] = None,
    teacher: _Teacher = "vgg19",
    teacher_weights: _Weights = None,
    transform: _Transform = "adain",
    iterations: _Iterations = 2_000,
    batch: _Pairs = 3,
    crop: _Crop = 160,
    seed: _Seed = 0,
    every: _Every = 500,
    device: _Device = "auto",
) -> None:
    """Teach REST how far to follow a style: the second stage, on top of `rest`."""
    from photostyle.training.first_stage import read_first_stage
    from photostyle.training.look import LookConfig, LookTrainer

    config = LookConfig(iterations=iterations, batch=batch, crop=crop, seed=seed, transform=transform)
    first = read_first_stage(start)
    place = _Place(photographs, out, teacher, teacher_weights, device)
    _train(place, crop, every, partial(LookTrainer, config, first.network, history=first.history))


@train.command()
def correspondence(  # noqa: PLR0913, PLR0917 - each is an option of the command
    photographs: _Photos,
    out: _Out,
    teacher: _Teacher = "vgg19",
    teacher_weights: _Weights = None,
    iterations: _Iterations = 6_000,
    batch: _Photographs = 8,
    crop: _Crop = 192,
    seed: _Seed = 0,
    every: _Every = 500,
    device: _Device = "auto",
) -> None:
    """Train the network that tells which places of two photographs show the same."""
    from photostyle.training.correspondence import CorrespondenceConfig, CorrespondenceTrainer

    config = CorrespondenceConfig(iterations=iterations, batch=batch, crop=crop, seed=seed)
    place = _Place(photographs, out, teacher, teacher_weights, device)
    _train(place, crop, every, partial(CorrespondenceTrainer, config))


@train.command()
def features(  # noqa: PLR0913, PLR0917 - each is an option of the command
    photographs: _Photos,
    out: _Out,
    teacher: _Teacher = "vgg19",
    teacher_weights: _Weights = None,
    second_teacher: Annotated[
        str | None, typer.Option(help="Another perceptual network to learn from as well.")
    ] = None,
    second_weights: Annotated[Path | None, typer.Option(help="Its safetensors file.")] = None,
    iterations: _Iterations = 6_000,
    batch: Annotated[int, typer.Option(min=2, help="Crops in a step.")] = 8,
    crop: _Crop = 128,
    seed: _Seed = 0,
    every: _Every = 500,
    device: _Device = "auto",
) -> None:
    """Train the embedded perceptual network, by distillation from large ones."""
    from photostyle.training.features import FeaturesConfig, FeaturesTrainer

    config = FeaturesConfig(iterations=iterations, batch=batch, crop=crop, seed=seed)
    second = None if second_teacher is None else (second_teacher, second_weights)
    place = _Place(photographs, out, teacher, teacher_weights, device, second)
    _train(place, crop, every, partial(FeaturesTrainer, config))


@train.command()
def johnson(  # noqa: PLR0913, PLR0917 - each is an option of the command
    style: Annotated[Path, typer.Option(help="The photograph whose style is learned.")],
    photographs: Annotated[Path, typer.Option("--photos", help="Folder of photographs to learn on.")],
    out: _Out,
    teacher: _Teacher = "auto",
    teacher_weights: _Weights = None,
    content_weight: Annotated[float, typer.Option(min=0, help="How much the photographs' own features count.")] = 1.0,
    style_weight: Annotated[float, typer.Option(min=0, help="How much the style's Gram matrices count.")] = 10.0,
    tv_weight: Annotated[float, typer.Option(min=0, help="How much unrest from pixel to pixel counts.")] = 1.0,
    iterations: _Iterations = 1_000,
    batch: Annotated[int, typer.Option(min=1, help="Photographs in a step.")] = 4,
    crop: _Crop = 128,
    seed: _Seed = 0,
    every: _Every = 250,
    device: _Device = "auto",
) -> None:
    """Train a style for the method johnson: one network for one photograph's style."""
    from photostyle.training.johnson import JohnsonConfig, johnson_trainer

    config = JohnsonConfig(
        iterations=iterations,
        batch=batch,
        crop=crop,
        seed=seed,
        content_weight=content_weight,
        style_weight=style_weight,
        tv_weight=tv_weight,
    )
    place = _Place(photographs, out, teacher, teacher_weights, device)
    _train(place, crop, every, partial(johnson_trainer, config, style), _USE_OF_A_STYLE)


@train.command()
def restyle(  # noqa: PLR0913, PLR0917 - each is an option of the command
    photographs: _Photos,
    out: _Out,
    aggregation: Annotated[
        str,
        typer.Option(help="How the style enters: moments works; printed is the paper's equation 1, which does not."),
    ] = "moments",
    scp: Annotated[bool, typer.Option(help="Whether features must keep the content where it was.")] = True,
    restyling: Annotated[bool, typer.Option(help="Whether a second stylizer must lead back to the content.")] = True,
    paper_losses: Annotated[
        bool, typer.Option("--paper-losses", help="Only the paper's losses, all with weight 1, on the bare output.")
    ] = False,
    iterations: _Iterations = 20_000,
    batch: _Pairs = 4,
    crop: _Crop = 128,
    seed: _Seed = 0,
    every: _Every = 500,
    device: _Device = "auto",
) -> None:
    """Train Wu's stylizer: to stylize, and to re-stylize back, over the embedded perceptual network."""
    from photostyle.features.registry import EMBEDDED
    from photostyle.training.restyle import PAPER_LOSSES, LossWeights, RestyleConfig, RestyleTrainer

    weights = PAPER_LOSSES if paper_losses else LossWeights()
    config = RestyleConfig(
        kept=not paper_losses,
        aggregation=aggregation,
        restyling=restyling,
        iterations=iterations,
        batch=batch,
        crop=crop,
        seed=seed,
        weights=weights if scp else replace(weights, scp=0.0),
    )
    _train(_Place(photographs, out, EMBEDDED, None, device), crop, every, partial(RestyleTrainer, config))


def _is_residual(form: str) -> bool:
    from photostyle.methods.rest import CHECKPOINTS
    from photostyle_protocol.errors import BadOptionError

    if form not in CHECKPOINTS:
        raise BadOptionError(f"The form is {form!r}.", f"Choose from: {', '.join(CHECKPOINTS)}.")
    return form == "skip"


def _teacher(place: _Place) -> Features:
    from photostyle.features.joined import JoinedFeatures
    from photostyle.features.registry import load

    first = load(place.teacher, place.teacher_weights)
    return first if place.second is None else JoinedFeatures([first, load(*place.second)])


def _train(place: _Place, crop: int, every: int, make: Make, use: str = _USE_OF_A_FOLDER) -> None:
    from photostyle.stylize.engine import Engine
    from photostyle.training.photographs import Photographs
    from photostyle.training.run import Run

    network = _teacher(place)
    engine = Engine.load(place.device)
    pictures = Photographs(place.photographs, crop, engine.device)
    print(f"{len(pictures.pictures)} photographs, teacher {network.title}, {engine.device_name}")
    trainer = make(pictures, network, engine.device)
    model = _with_progress(Run(trainer, place.out, every), trainer.iteration, trainer.config.iterations)
    print(f"The model is {model}. To use it: {use.format(folder=place.out, model=model)}")


def _with_progress(run: Run, done: int, iterations: int) -> Path:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=iterations, completed=done)
        read = 0.0

        def show(iteration: int, losses: Losses) -> None:
            nonlocal read
            progress.update(task, completed=iteration)
            if time.monotonic() - read > _A_MOMENT:
                text = "  ".join(f"{name} {float(loss):.3g}" for name, loss in losses.items())
                progress.update(task, description=text)
                read = time.monotonic()

        return run.train(show)
