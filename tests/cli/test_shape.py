"""The command line as a whole: light, quick, and clear about its exit status."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from photostyle.cli import exit_codes
from photostyle.cli.durations import seconds_of
from photostyle.cli.plain_serve import plain_options
from photostyle_protocol import errors
from support.command_line import assert_refused, photostyle

HEAVY = ("torch", "numpy", "zmq", "PIL")
COMMANDS = (
    "bench",
    "install",
    "uninstall",
    "stylize",
    "serve",
    "status",
    "stop",
    "methods",
    "look",
    "doctor",
    "train",
    "evaluate",
    "weights",
)


@pytest.mark.parametrize(
    "words",
    [["--help"], ["stylize", "--help"], ["train", "rest", "--help"], ["evaluate", "pairs", "--help"], ["--version"]],
)
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    code = (
        f"import sys; from photostyle.cli.app import run; code = run({words!r}); "
        f"sys.exit(code or str([name for name in {HEAVY!r} if name in sys.modules] or ''))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr.strip() == ""
    assert done.stdout


def test_a_daemon_that_a_program_starts_waits_for_nothing_that_reads_words() -> None:
    code = (
        "import sys; from photostyle.cli import main\n"
        "sys.argv[1:] = ['serve', '--foreground', '--idle-unload', 'soon']\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code, 'typer' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split() == [str(exit_codes.BAD_INPUT), "False"]
    assert done.stderr == "error: 'soon' is no span of time. Write 90s, 10m or 1.5h.\n"


@pytest.mark.parametrize(
    ("words", "device"),
    [
        ("serve --foreground", "auto"),
        ("serve --foreground --idle-unload 5s --device cpu", "cpu"),
        ("serve --foreground --device=cpu", None),
        ("serve --foreground --device", None),
        ("serve --foreground --device --help", None),
        ("serve --foreground --listen tcp://0.0.0.0:7777", None),
        ("serve --device cpu", None),
        ("stop", None),
        ("", None),
    ],
)
def test_only_the_words_of_programs_are_understood_without_typer(words: str, device: str | None) -> None:
    options = plain_options(words.split())
    assert (options and options["--device"]) == device


def test_help_is_quick_and_names_everything() -> None:
    since = time.perf_counter()
    done = photostyle("--help")
    assert time.perf_counter() - since < 3.0
    assert done.returncode == 0
    assert all(command in done.stdout for command in COMMANDS)
    assert all(str(code) in done.stdout for code in (0, 2, 3, 4, 130))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "Missing command"),
        (["paint"], "No such command"),
        (["train"], "Missing command"),
        (["stylize"], "Missing"),
        (["stylize", "a.png"], "Missing"),
        (["stylize", "a.png", "b.png", "-o", "c.png", "--colour"], "No such option"),
        (["stylize", "a.png", "b.png", "-o", "c.png", "--strength", "much"], "--strength"),
    ],
)
def test_misuse_is_told_in_one_line(words: list[str], told: str) -> None:
    assert_refused(photostyle(*words), exit_codes.BAD_INPUT, told, "--help")


def test_debug_shows_where_an_error_comes_from() -> None:
    done = photostyle("--debug", "serve", "--idle-unload", "soon")
    assert done.returncode == exit_codes.BAD_INPUT
    assert "Traceback" in done.stderr
    assert "error: 'soon'" in done.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.BadInputError, 2),
        (errors.BadMaskError, 2),
        (errors.UnknownMethodError, 2),
        (errors.OutputError, 2),
        (errors.DaemonUnavailableError, 3),
        (errors.VersionMismatchError, 3),
        (errors.BusyError, 4),
        (errors.WorkerDiedError, 4),
        (errors.JobCancelledError, 130),
    ],
)
def test_exit_codes(error: type[errors.PhotostyleError], code: int) -> None:
    assert exit_codes.of_error(error("")) == code


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("10m", 600), ("1.5h", 5400), (" 5 m ", 300), ("600.0s", 600)]
)
def test_spans_of_time(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-5m", "5d", "0", "0.0s", "nan", "1e9"])
def test_no_spans_of_time(text: str) -> None:
    with pytest.raises(errors.BadOptionError):
        seconds_of(text)


def test_methods_lists_papers_and_options() -> None:
    from photostyle.methods import registry

    done = photostyle("methods")
    assert done.returncode == 0
    for name in registry.names():
        method = registry.load(name)
        assert f"{name}: {method.title}" in done.stdout
        assert method.paper in done.stdout
        assert all(f"--option {option.name}={option.default}" in done.stdout for option in method.options)
