"""The commands together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated

import typer

from photostyle import __version__
from photostyle.cli import exit_codes
from photostyle.cli.batch import batch
from photostyle.cli.bench import bench
from photostyle.cli.bridge import bridge
from photostyle.cli.daemon import serve, status, stop
from photostyle.cli.doctor import doctor
from photostyle.cli.evaluate import evaluate
from photostyle.cli.install import install, uninstall
from photostyle.cli.look import look
from photostyle.cli.methods import methods
from photostyle.cli.stylize import stylize
from photostyle.cli.telling import DEBUG, exit_status
from photostyle.cli.train import train
from photostyle.cli.weights import weights
from photostyle_protocol.errors import BadInputError

_UsageError = typer.BadParameter.__base__
"""Typer exports only this child of it, and hides from where it has it."""

app = typer.Typer(
    name="photostyle",
    help="One photograph takes the look of another.",
    epilog=exit_codes.TEXT,
    add_completion=False,
    rich_markup_mode=None,  # what rich imports for a help text takes longer than everything else together
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
app.command(hidden=True)(bridge)
for command in (stylize, batch, serve, status, stop, methods, doctor, bench):
    app.command()(command)
for name, commands in (
    ("look", look),
    ("evaluate", evaluate),
    ("train", train),
    ("weights", weights),
    ("install", install),
    ("uninstall", uninstall),
):
    app.add_typer(commands, name=name)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"photostyle {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    debug: Annotated[bool, typer.Option("--debug", envvar=DEBUG, help="Show where errors come from.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    if debug:
        os.environ[DEBUG] = "1"


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        The exit status, see `exit_codes`. Whatever went wrong was told in one line on stderr.
    """
    return exit_status(lambda: _understood(arguments))


def _understood(arguments: Sequence[str]) -> int:
    try:
        return int(app(args=list(arguments), prog_name="photostyle", standalone_mode=False) or exit_codes.OK)
    except typer.Abort:  # some versions of Typer make it an exit status, others let it pass
        return exit_codes.CANCELLED
    except Exception as error:
        if _UsageError is not None and isinstance(error, _UsageError):
            raise _misused(error) from error
        raise


def _misused(error: Exception) -> BadInputError:
    """Typer's usage error as one of ours."""
    message = str(getattr(error, "format_message", error.__str__)()).rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "photostyle"
    return BadInputError(f"{message}.", f"See: {command} --help")
