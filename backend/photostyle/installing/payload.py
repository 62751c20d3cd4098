"""Which files a plug-in consists of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import photostyle_plugin
from photostyle.installing.placing import Parcel
from photostyle.installing.profiles import Editor
from photostyle.installing.vendoring import package_files, pure_packages
from photostyle_protocol.errors import JobFailedError

GIMP_NAME = "photorealistic-style"
KRITA_NAME = "photorealistic_style"
HOMES: Mapping[Editor, str] = {"gimp": f"plug-ins/{GIMP_NAME}", "krita": f"pykrita/{KRITA_NAME}"}
_HERE = Path(__file__).parent


def parcel(editor: Editor, compiled: Mapping[str, bytes]) -> Parcel:
    """Everything that goes into a profile.

    Args:
        editor: For which editor.
        compiled: Modules for its Python, by path below the plug-in's folder.

    Raises:
        JobFailedError: The plug-in's sources are not here.
    """
    home = HOMES[editor]
    own, main = (_gimp_files(), f"{home}/{GIMP_NAME}.py") if editor == "gimp" else (_krita_files(), "")
    room = package_files(Path(str(photostyle_plugin.__file__)).parent)
    beside = {f"photostyle_plugin/{name}": data for name, data in room.items()}
    inside = {f"{home}/{name}": data for name, data in {**beside, **pure_packages(), **compiled}.items()}
    return Parcel(home, {**own, **inside}, main)


def _gimp_files() -> dict[str, bytes]:
    home = HOMES["gimp"]
    files = package_files(_sources("gimp") / GIMP_NAME)
    return {f"{home}/{name}": data for name, data in files.items()}


def _krita_files() -> dict[str, bytes]:
    """As Krita's own importer lays a plug-in out, so that either can replace what the other installed.

    The action must not be in the package: Krita would find it there a second time and complain.
    """
    home, sources = HOMES["krita"], _sources("krita")
    files = {f"{home}/{name}": data for name, data in package_files(sources / KRITA_NAME).items()}
    files[f"pykrita/{KRITA_NAME}.desktop"] = (sources / f"{KRITA_NAME}.desktop").read_bytes()
    files[f"actions/{KRITA_NAME}.action"] = (sources / f"{KRITA_NAME}.action").read_bytes()
    return files


def _sources(editor: Editor) -> Path:
    """In the wheel, else in the checkout that this runs from."""
    places = (_HERE / "plugins" / editor, _HERE.parents[2] / "plugin" / editor)
    for place in places:
        if place.is_dir():
            return place
    raise JobFailedError(f"The plug-in for {editor} is not in this installation.", "Install photostyle again.")
