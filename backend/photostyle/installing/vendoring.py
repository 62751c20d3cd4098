"""What travels inside the plug-in, since an editor's Python has no pip: the protocol, msgpack, pyzmq where it fits.

The folders: ``vendor/pure`` for what every Python runs, ``vendor/<python>-<platform>`` for compiled modules
(see `photostyle_plugin.vendoring`).
"""

from __future__ import annotations

import functools
import importlib.metadata
import re
import sys
from pathlib import Path, PurePosixPath

import msgpack

import photostyle_protocol
from photostyle.installing.pythons import Python
from photostyle_plugin.vendoring import machines

FOLDER = "vendor"
_PURE = f"{FOLDER}/pure"
_STABLE = re.compile(r"^Tag: cp(\d+)-abi3-", re.MULTILINE)
_PARTS = ("zmq", "pyzmq.libs")
_LIBRARIES = {"pyzmq.libs", ".dylibs"}
"""Folders in which a wheel brings its own libzmq."""

_LEFT_OUT = {"tests", "__pycache__"}
_LEFT_OUT_KINDS = {".pyc", ".pyx", ".pxd", ".pyi", ".h", ".c"}


def package_files(root: Path) -> dict[str, bytes]:
    """The files of a package or folder that a plug-in needs, by path below it."""
    found = (path for path in sorted(root.rglob("*")) if path.is_file() and _is_wanted(path.relative_to(root)))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def _is_wanted(path: Path) -> bool:
    """Not what Python or an editor of texts leaves behind, and no source of translations."""
    hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    return not hidden and path.suffix not in {".pyc", ".po", ".pot"} and not path.name.endswith("~")


def pure_packages() -> dict[str, bytes]:
    """What every Python can run, by path below the plug-in's folder."""
    protocol = package_files(Path(str(photostyle_protocol.__file__)).parent)
    packer = package_files(Path(str(msgpack.__file__)).parent)
    packages = {"photostyle_protocol": protocol, "msgpack": packer}
    named = ((f"{_PURE}/{package}/{name}", data) for package, files in packages.items() for name, data in files.items())
    return {name: data for name, data in named if not name.endswith((".so", ".pyd"))}


def own_tag() -> str:
    """The folder under ``vendor`` for this Python's pyzmq; empty if that cannot be copied."""
    own = _own_pyzmq()
    if own is None:
        return ""
    stable = _STABLE.search(own.read_text("WHEEL") or "")
    python = f"abi3-{stable[1]}" if stable else sys.implementation.cache_tag
    return f"{python}-{machines()[-1]}"


def own_pyzmq(python: Python | None) -> dict[str, bytes]:
    """This Python's pyzmq, by path below the plug-in's folder; empty if it would not load in the editor's.

    Args:
        python: The editor's; one that is not known may turn out to be the same.
    """
    own, tag = _own_pyzmq(), own_tag()
    if own is None or (python is not None and tag not in python.tags):
        return {}
    wanted = [path for path in own.files or () if is_needed(path)]
    return {f"{FOLDER}/{tag}/{path.as_posix()}": Path(str(path.locate())).read_bytes() for path in wanted}


def is_needed(path: PurePosixPath) -> bool:
    """Whether a file of pyzmq's wheel is used at run time."""
    is_part = path.parts[0] in _PARTS and not _LEFT_OUT & set(path.parts)
    return is_part and path.suffix not in _LEFT_OUT_KINDS


@functools.cache
def _own_pyzmq() -> importlib.metadata.Distribution | None:
    """A pyzmq that stands alone; a distribution's own, which leans on a libzmq elsewhere, does not."""
    try:
        found = importlib.metadata.distribution("pyzmq")
    except importlib.metadata.PackageNotFoundError:
        return None
    return found if any(_LIBRARIES & set(path.parts) for path in found.files or ()) else None
