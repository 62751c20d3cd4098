"""What `photostyle doctor` finds of GIMP and Krita, and of the plug-ins in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from photostyle.cli.findings import Finding, Verdict

if TYPE_CHECKING:
    from photostyle.installing.discovery import Machine
    from photostyle.installing.editors import Program
    from photostyle.installing.profiles import Editor, Profile

_SHOWN = 3
"""Names of changed files that fit in a line."""


def gimp() -> Iterator[Finding]:
    """GIMP and the plug-in in it."""
    yield from _editor("gimp")


def krita() -> Iterator[Finding]:
    """Krita and the plug-in in it."""
    yield from _editor("krita")


def backend_record() -> Iterator[Finding]:
    """Where the plug-ins think that the backend is."""
    from photostyle.installing.discovery import Machine
    from photostyle.installing.record import FILE, own_command, read_record

    path = Machine.look_around("gimp").settings / FILE
    if not path.exists():
        return
    record = read_record(path.parent)
    advice = "Write it anew with: photostyle install gimp, or krita"
    if record is None:
        yield Finding(Verdict.WARN, f"{path} cannot be read.", advice)
    elif record.command != own_command():
        yield Finding(Verdict.WARN, f"The plug-ins start another photostyle: {' '.join(record.command)}.", advice)
    else:
        yield Finding(Verdict.OK, f"the plug-ins start this photostyle, as {path} says")


def _editor(editor: Editor) -> Iterator[Finding]:
    from photostyle.installing.discovery import Machine

    machine = Machine.look_around(editor)
    if not machine.programs and not machine.profiles:
        yield Finding(Verdict.OK, f"{machine.title} is not here")
    for program in machine.programs:
        yield _program(machine, program)
    for profile in machine.everywhere():
        yield _plugin(profile)
        yield from _ways(machine, profile)


def _program(machine: Machine, program: Program) -> Finding:
    if program.is_too_old:
        return Finding(Verdict.WARN, f"{program} is too old.", "The plug-in needs GIMP 3.")
    if program in machine.unstarted:
        return Finding(Verdict.WARN, f"{program} has not been started yet.", "Start it once before you install.")
    return Finding(Verdict.OK, str(program))


def _plugin(profile: Profile) -> Finding:
    """How the plug-in in one profile is."""
    from photostyle import __version__
    from photostyle.installing.installation import State, look

    found = look(profile)
    again = f"photostyle install {profile.editor}"
    what = f"{profile}, {profile.folder}: the plug-in is {found.state.value}"
    if found.state is State.CURRENT:
        return Finding(Verdict.OK, f"{what}, {found.version}")
    if found.state is State.ABSENT:
        return Finding(Verdict.OK, f"{what}.", f"Install it with: {again}")
    if found.state is State.OTHER_VERSION:
        which = "another build" if found.version == __version__ else f"{found.version}"
        return Finding(Verdict.WARN, f"{what}: {which}, not this {__version__}.", f"Renew it with: {again}")
    if found.state is State.LINK:
        return Finding(Verdict.OK, what)
    return Finding(Verdict.WARN, f"{what}{_named(found.files)}.", f"Renew it with: {again} (your own files are kept)")


def _named(files: Sequence[str]) -> str:
    """The first few of them."""
    more = [f"{len(files) - _SHOWN} more"] if len(files) > _SHOWN else []
    return f": {', '.join([*files[:_SHOWN], *more])}" if files else ""


def _ways(machine: Machine, profile: Profile) -> Iterator[Finding]:
    """How the plug-in in one profile reaches the daemon, and what stands in its way."""
    from photostyle.installing.installation import is_installed, talk_of

    if not is_installed(profile):
        return
    python = machine.python_of(profile)
    who = f", in {python}," if python else ""
    talk = talk_of(profile, python)
    yield Finding(Verdict.OK, f"{profile}: the plug-in{who} talks through {talk.value}")
    for advice in machine.advice(profile, talk):
        yield Finding(Verdict.WARN, f"{profile}: {advice}")
