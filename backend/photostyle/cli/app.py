"""The commands together, and how their errors reach a person: one line and an exit status."""

from __future__ import annotations

import os
import sys
import traceback
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
from photostyle.cli.train import train
from photostyle.cli.weights import weights
from photostyle_protocol.errors import BadInputError, PhotostyleError

_DEBUG = "PHOTOSTYLE_DEBUG"
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
    debug: Annotated[bool, typer.Option("--debug", envvar=_DEBUG, help="Show where errors come from.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    if debug:
        os.environ[_DEBUG] = "1"


def main() -> None:
    """Run the command line and exit with its status."""
    if sys.flags.ignore_environment:
        # An editor's own Python settings, which python -E keeps away from here, are not for the daemon and its worker.
        for name in ("PYTHONHOME", "PYTHONPATH"):
            os.environ.pop(name, None)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        The exit status, see `exit_codes`. Whatever went wrong was told in one line on stderr.
    """
    try:
        code = int(app(args=list(arguments), prog_name="photostyle", standalone_mode=False) or exit_codes.OK)
    except (KeyboardInterrupt, typer.Abort):  # some versions of Typer make it an exit status, others let it pass
        code = exit_codes.CANCELLED
    except PhotostyleError as error:
        return _told(error, exit_codes.of_error(error))
    except Exception as error:
        if _UsageError is not None and isinstance(error, _UsageError):
            return _told(_misused(error), exit_codes.BAD_INPUT)
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        return _told(PhotostyleError(f"Unexpected: {what}.", "See more with: photostyle --debug …"), exit_codes.FAILED)
    if code == exit_codes.CANCELLED:
        print("Cancelled.", file=sys.stderr)
    return code


def _misused(error: Exception) -> BadInputError:
    """Typer's usage error as one of ours."""
    message = str(getattr(error, "format_message", error.__str__)()).rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "photostyle"
    return BadInputError(f"{message}.", f"See: {command} --help")


def _told(error: PhotostyleError, code: int) -> int:
    if os.environ.get(_DEBUG):
        traceback.print_exc()
    print(f"error: {error}", file=sys.stderr)
    return code
