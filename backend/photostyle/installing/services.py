"""The daemon as a service of the person's session: it is there from login on, and comes back when it dies."""

from __future__ import annotations

import plistlib
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from photostyle.installing.record import own_command
from photostyle.installing.system import System
from photostyle_protocol.errors import BadInputError, OutputError

_HERE = Path(__file__).parent
_SERVE = ("serve", "--foreground")
_LABEL = "photostyle.daemon"
_PLAIN = re.compile(r"[\w./:=+-]+", re.ASCII)


@dataclass(frozen=True)
class Service:
    """A file that tells the system of the daemon.

    Attributes:
        path: Where it goes.
        content: What is in it.
        start: What to type to start the daemon now and at every login.
        stop: What to type before the file is removed.
    """

    path: Path
    content: bytes
    start: str
    stop: str


def service(system: System) -> Service:
    """The service for this platform.

    Raises:
        BadInputError: There is none for it.
    """
    if system.platform == "darwin":
        return _launchd(system)
    if system.platform == "linux":
        return _systemd(system)
    raise BadInputError(
        "There is no service for this system.", "None is needed: the plug-ins start the daemon themselves."
    )


def install_service(wanted: Service) -> None:
    """Put the file in place.

    Raises:
        OutputError: The disk says no.
    """
    try:
        wanted.path.parent.mkdir(parents=True, exist_ok=True)
        wanted.path.write_bytes(wanted.content)
    except OSError as error:
        raise OutputError(f"{wanted.path} cannot be written: {error.strerror}.", "May you write there?") from error


def uninstall_service(wanted: Service) -> bool:
    """Remove the file; whether there was one.

    Raises:
        OutputError: It is not as it was installed.
    """
    if not wanted.path.exists():
        return False
    if wanted.path.read_bytes() != wanted.content:
        raise OutputError(f"{wanted.path} was changed, or is for another photostyle.", "Remove it yourself.")
    wanted.path.unlink()
    return True


def _systemd(system: System) -> Service:
    name = "photostyle.service"
    lines = _template(name).decode().splitlines()
    command = " ".join(_quoted(word) for word in (*own_command(), *_SERVE))
    filled = [f"ExecStart={command}" if line.startswith("ExecStart=") else line for line in lines]
    return Service(
        system.folder("XDG_CONFIG_HOME", ".config") / "systemd" / "user" / name,
        ("\n".join(filled) + "\n").encode(),
        f"systemctl --user daemon-reload && systemctl --user enable --now {name}",
        f"systemctl --user disable --now {name}",
    )


def _quoted(word: str) -> str:
    """A word as systemd reads it: ``%`` and ``$`` mean something to it, in quotes too."""
    if _PLAIN.fullmatch(word):
        return word
    for special, escaped in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(special, escaped)
    return f'"{word}"'


def _launchd(system: System) -> Service:
    content = plistlib.loads(_template(f"{_LABEL}.plist"))
    content["ProgramArguments"] = [*own_command(), *_SERVE]
    path = system.home / "Library" / "LaunchAgents" / f"{_LABEL}.plist"
    quoted = shlex.quote(str(path))
    return Service(path, plistlib.dumps(content), f"launchctl load -w {quoted}", f"launchctl unload -w {quoted}")


def _template(name: str) -> bytes:
    """In the wheel, else in the checkout that this runs from."""
    packed = _HERE / "services" / name
    return (packed if packed.is_file() else _HERE.parents[2] / "installers" / "services" / name).read_bytes()
