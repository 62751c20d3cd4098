"""``photostyle install`` and ``photostyle uninstall``: the plug-ins for GIMP and Krita, and the daemon's service."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from photostyle_protocol.errors import BadInputError

if TYPE_CHECKING:
    from photostyle.installing.placing import Change
    from photostyle.installing.profiles import Editor, Profile

install = typer.Typer(help="Put the plug-in into GIMP or Krita, or the daemon among the session's services.")
uninstall = typer.Typer(help="Take out what `photostyle install` put in.")

Dest = Annotated[
    Path | None,
    typer.Option("--dest", metavar="PROFILE", help="Only this profile folder, instead of every one that is found."),
]
Download = Annotated[
    bool,
    typer.Option("--download-wheels", help="Fetch pyzmq with pip for an editor whose Python has none."),
]

_MENU = {"gimp": "Filters ▸ Photorealistic Style…", "krita": "Tools ▸ Scripts ▸ Photorealistic Style…"}


@install.command("gimp")
def install_gimp(dest: Dest = None, download_wheels: Download = False) -> None:
    """Put the plug-in into GIMP 3."""
    _install("gimp", dest, download_wheels)


@install.command("krita")
def install_krita(
    dest: Annotated[
        Path | None,
        typer.Option(
            "--dest", metavar="RESOURCES", help="Only this folder of resources, instead of every one that is found."
        ),
    ] = None,
    download_wheels: Download = False,
    zip_file: Annotated[
        Path | None,
        typer.Option("--zip", metavar="FILE", help="Write a zip for Krita's Import Python Plugin from File… instead."),
    ] = None,
    no_wheels: Annotated[
        bool, typer.Option("--no-wheels", help="A zip that needs no download and talks through photostyle bridge.")
    ] = False,
) -> None:
    """Put the plug-in into Krita 5, or make a zip of it."""
    if no_wheels and not zip_file:
        raise BadInputError("--no-wheels belongs to --zip.", "An installation downloads nothing by itself.")
    if zip_file and (dest or download_wheels):
        raise BadInputError("--zip installs nothing.", "Leave --dest and --download-wheels out.")
    if zip_file:
        _write_zip(zip_file, with_wheels=not no_wheels)
    else:
        _install("krita", dest, download_wheels)


@install.command("service")
def install_service() -> None:
    """Make the daemon a service of your session, for editors in a sandbox, which cannot start it."""
    from photostyle.installing import services
    from photostyle.installing.system import System

    wanted = services.service(System.here())
    services.install_service(wanted)
    print(f"Written: {wanted.path}\nStart it now and at every login with: {wanted.start}")


@uninstall.command("gimp")
def uninstall_gimp(dest: Dest = None) -> None:
    """Take the plug-in out of GIMP."""
    _uninstall("gimp", dest)


@uninstall.command("krita")
def uninstall_krita(dest: Dest = None) -> None:
    """Take the plug-in out of Krita."""
    _uninstall("krita", dest)


@uninstall.command("service")
def uninstall_service() -> None:
    """Remove the daemon's service."""
    from photostyle.installing import services
    from photostyle.installing.system import System

    wanted = services.service(System.here())
    if not services.uninstall_service(wanted):
        print("No service was installed.")
        return
    print(f"Removed: {wanted.path}\nIf it still runs: {wanted.stop}")


def _install(editor: Editor, dest: Path | None, may_download: bool) -> None:
    from photostyle.installing import installation
    from photostyle.installing.discovery import START_ONCE, Machine, is_running

    machine = Machine.look_around(editor)
    profiles = machine.wanted(dest)
    if not profiles:
        raise machine.nothing_found()
    for profile in profiles:
        python = machine.python_of(profile)
        change = installation.install(profile, installation.compiled_for(python, may_download=may_download))
        talk = installation.talk_of(profile, python)
        how = f"It talks to the daemon through {talk.value}{f' ({python})' if python else ''}."
        lines = [*_installed_lines(profile, change), how]
        print("\n  ".join([*lines, *machine.advice(profile, talk)]))
    for program in machine.unstarted:
        print(f"Left out: {program} has not been started yet. {START_ONCE}")
    if editor == "krita" and is_running(editor):
        print("Krita is running and writes its settings when it ends. End it, then install once more.")
    print(f"Restart {machine.title}, then: {_MENU[editor]}")


def _installed_lines(profile: Profile, change: Change) -> list[str]:
    from photostyle.installing.payload import HOMES

    done = f"installed in {profile.folder / HOMES[profile.editor]}"
    if not change.written and not change.removed:
        done = f"already {done}"
    return [f"{profile}: {done}", *_kept_lines(profile, change)]


def _kept_lines(profile: Profile, change: Change) -> list[str]:
    return [f"Kept, since it is yours: {profile.folder / path}" for path in change.kept]


def _uninstall(editor: Editor, dest: Path | None) -> None:
    from photostyle.installing import installation
    from photostyle.installing.discovery import Machine

    machine = Machine.look_around(editor)
    done = [(profile, installation.uninstall(profile)) for profile in machine.installed(dest)]
    for profile, change in done:
        print("\n  ".join([f"{profile}: taken out of {profile.folder}", *_kept_lines(profile, change)]))
    if not done:
        print(f"The plug-in is not installed in {machine.title}.")
    for folder in machine.settings_left():
        print(f"Your own settings (recent styles, presets) stay in {folder}")


def _write_zip(path: Path, *, with_wheels: bool) -> None:
    from photostyle.installing import archive, wheels

    compiled = {}
    for wheel in wheels.BUNDLED_WITH_KRITA if with_wheels else ():
        print(f"Fetching pyzmq for {wheel.tag}", flush=True)
        compiled.update(wheels.download(wheel))
    size = archive.write_zip(path, compiled)
    print(f"Written: {path}, {size / 1e6:.1f} MB")
    print("In Krita: Tools ▸ Scripts ▸ Import Python Plugin from File…, then restart Krita.")
    print("Where Krita runs, photostyle must be on the PATH; photostyle install krita needs no PATH and no zip.")
