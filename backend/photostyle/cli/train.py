"""``photostyle train``: train a method's network on photographs of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from photostyle.training.rest_run import RestRun

train = typer.Typer(help="Train a method's network on photographs of your own.")


@train.callback()
def _methods() -> None:
    """Keeps `rest` a command of its own while it is the only one."""


@train.command()
def rest(  # noqa: PLR0913, PLR0917 - each is an option of the command
    photographs: Annotated[Path, typer.Argument(help="Folder of photographs, searched with its subfolders.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for checkpoints, model and contact sheets.")],
    teacher: Annotated[
        str, typer.Option(help="Perceptual network of the losses: vgg19, squeezenet or distilled-vgg.")
    ] = "vgg19",
    teacher_weights: Annotated[
        Path | None, typer.Option(help="Its safetensors file; VGG-19 can do with torchvision's cache.")
    ] = None,
    form: Annotated[str, typer.Option(help="skip: a residual on the colour map; paper: the network alone.")] = "skip",
    paper_losses: Annotated[
        bool, typer.Option("--paper-losses", help="Only the paper's losses, with its weights 1, 1 and 2.")
    ] = False,
    iterations: Annotated[int, typer.Option(min=1, help="Steps in all.")] = 20_000,
    batch: Annotated[int, typer.Option(min=1, help="Pairs in a step.")] = 4,
    crop: Annotated[int, typer.Option(min=32, help="Side of a training crop in pixels, a multiple of 16.")] = 128,
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 0,
    every: Annotated[int, typer.Option(min=1, help="Iterations between two checkpoints.")] = 500,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda:0 or mps.")] = "auto",
) -> None:
    """Train REST. Interrupted, the same command goes on from the last checkpoint."""
    from photostyle.features.registry import load
    from photostyle.stylize.engine import Engine
    from photostyle.training.photographs import Photographs
    from photostyle.training.rest import PAPER_LOSSES, LossWeights, RestConfig, RestTrainer
    from photostyle.training.rest_run import RestRun

    losses = PAPER_LOSSES if paper_losses else LossWeights()
    config = RestConfig(_is_residual(form), iterations, batch, crop, seed=seed, weights=losses)
    network = load(teacher, teacher_weights)
    engine = Engine.load(device)
    pictures = Photographs(photographs, crop, engine.device)
    print(f"{len(pictures.pictures)} photographs, teacher {teacher}, {engine.device_name}")
    trainer = RestTrainer(config, pictures, network, engine.device)
    model = _with_progress(RestRun(trainer, pictures, out, every), trainer.iteration, iterations)
    print(f"The model is {model}. To use it: PHOTOSTYLE_MODELS={out} photostyle stylize --no-daemon …")


def _is_residual(form: str) -> bool:
    from photostyle.methods.rest import CHECKPOINTS
    from photostyle_protocol.errors import BadOptionError

    if form not in CHECKPOINTS:
        raise BadOptionError(f"The form is {form!r}.", f"Choose from: {', '.join(CHECKPOINTS)}.")
    return form == "skip"


def _with_progress(run: RestRun, done: int, iterations: int) -> Path:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=iterations, completed=done)

        def show(iteration: int, losses: Mapping[str, float]) -> None:
            text = "  ".join(f"{name} {loss:.3g}" for name, loss in losses.items())
            progress.update(task, completed=iteration, description=text)

        return run.train(show)
