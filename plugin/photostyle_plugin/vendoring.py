"""The packages that the installer puts beside the plug-in, for editors whose Python lacks them."""

from __future__ import annotations

import importlib
import os
import sys
import sysconfig
from pathlib import Path


def use_vendored(plugin_folder: Path) -> list[Path]:
    """Make what lies in ``vendor/`` importable, after the system's own packages.

    Args:
        plugin_folder: Where the plug-in is installed: ``vendor/pure`` and ``vendor/<tag>`` lie in it.

    Returns:
        The folders that were added.
    """
    folders = [plugin_folder / "vendor" / name for name in (*tags(), "pure")]
    added = [folder for folder in folders if folder.is_dir() and str(folder) not in sys.path]
    sys.path.extend(map(str, added))
    return added


def tags() -> tuple[str, ...]:
    """Names of the folders with compiled packages that fit this Python, the best first.

    ``cpython-310-linux-x86_64`` fits one version, ``abi3-312-linux-x86_64`` CPython 3.12 and later.
    """
    versions = [sys.implementation.cache_tag or sys.implementation.name]
    if sys.implementation.name == "cpython":
        versions += [f"abi3-3{minor}" for minor in range(sys.version_info.minor, 11, -1)]
    return tuple(f"{version}-{machine}" for version in versions for machine in machines())


def machines() -> tuple[str, ...]:
    """Names of this platform: ``linux-x86_64``, ``win-amd64``, ``mingw_x86_64_ucrt``, ``macos-arm64``."""
    name = sysconfig.get_platform().lower()
    if name.startswith("macosx"):
        return f"macos-{os.uname().machine}", "macos-universal2"
    return (name,)


def can_import_zmq() -> bool:
    """Whether pyzmq works here; a wheel of another platform is as good as none."""
    try:
        importlib.import_module("zmq")
    except Exception:  # a broken wheel may raise anything
        return False
    return True
