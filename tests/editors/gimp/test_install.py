"""The plug-in as it is installed, in the real GIMP: with the packages of its Python, and with nothing but its own."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from support.command_line import photostyle
from support.daemon import RunningDaemon
from support.editors.gimp import Gimp
from support.editors.gimp_dialog import GimpDialog
from support.editors.tree import EditorTree

METHOD = "monge-kantorovich"
USE = f"""
import hashlib, os
procedure = Gimp.get_pdb().lookup_procedure("plug-in-photorealistic-style")
print("THERE", procedure is not None)
if procedure:
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(os.environ["CONTENT"]))
    config = procedure.create_config()
    config.set_property("image", image)
    config.set_core_object_array("drawables", image.get_layers())
    config.set_property("style", Gio.File.new_for_path(os.environ["STYLE"]))
    config.set_property("method", "{METHOD}")
    done = procedure.run(config)
    assert done.index(0) == Gimp.PDBStatusType.SUCCESS, done.index(1)
    layer = image.get_layers()[0]
    rectangle = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    pixels = layer.get_buffer().get(rectangle, 1.0, "R'G'B' u8", Gegl.AbyssPolicy.NONE)
    print("LAYERS", len(image.get_layers()), hashlib.sha256(pixels).hexdigest())
    image.delete()
try:
    import zmq
    print("ZMQ", zmq.__file__)
except ImportError:
    print("ZMQ none")
"""

HIDE_PACKAGES = """
import sys
from importlib.machinery import PathFinder
class Bare:
    \"\"\"The system's pyzmq and msgpack are not there, as in an editor that brings its own Python.\"\"\"
    def find_spec(self, name, path=None, target=None):
        if name in ("zmq", "msgpack"):
            found = PathFinder.find_spec(name, [entry for entry in sys.path if "/dist-packages" not in entry])
            if found is None:
                raise ModuleNotFoundError(name)
            return found
sys.meta_path.insert(0, Bare())
"""


@pytest.fixture
def bare_gimp(editors: EditorTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gimp:
    """GIMP without the checkout's plug-in; what is installed goes where it looks."""
    return without_checkout(Gimp(editors, tmp_path, []), monkeypatch)


def without_checkout(gimp: Gimp, monkeypatch: pytest.MonkeyPatch) -> Gimp:
    """`gimp`, whose settings are also those of the commands that the test runs."""
    monkeypatch.setenv("PHOTOSTYLE_CONFIG_DIR", str(gimp.config_dir))
    return gimp


def use(gimp: Gimp, files: Mapping[str, Path], **variables: str) -> str:
    """Run the installed procedure; modules of the checkout are out of its sight."""
    named = {"CONTENT": str(files["coffee"]), "STYLE": str(files["rocket"]), "PHOTOSTYLE_DEVELOPMENT_PATH": ""}
    return gimp.batch(USE, **{**named, **variables}).stdout


def expected(files: Mapping[str, Path], folder: Path, *words: str) -> str:
    """What the command line makes of the same files."""
    made = folder / "made.png"
    command("stylize", files["coffee"], files["rocket"], "-o", made, *words)
    with Image.open(made) as image:
        return hashlib.sha256(image.convert("RGB").tobytes()).hexdigest()


def command(*words: str | Path) -> str:
    done = photostyle(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_installed_used_and_uninstalled(
    bare_gimp: Gimp, editor_daemon: RunningDaemon, photograph_files: Mapping[str, Path], tmp_path: Path
) -> None:
    command("install", "gimp", "--dest", bare_gimp.profile)
    said = use(bare_gimp, photograph_files)
    assert re.search(r"LAYERS 2 (\w+)", said)[1] == expected(photograph_files, tmp_path, "--method", METHOD)  # type: ignore[index]
    assert "already installed" in command("install", "gimp", "--dest", bare_gimp.profile)
    command("uninstall", "gimp")
    assert not (bare_gimp.profile / "plug-ins" / "photorealistic-style").exists()
    assert "THERE False" in use(bare_gimp, photograph_files)


LOOK = """
import hashlib, json
from session import dump, read
(image,) = Gimp.get_images()
digests = [hashlib.sha256(read(layer)).hexdigest() for layer in image.get_layers()]
everything = dump(image)
# GIMP's own note of the last values of a dialog, as any filter with one leaves it.
everything["parasites"] = [name for name in everything["parasites"] if not name.startswith("GimpProcedureConfigRun")]
print(json.dumps({"everything": everything, "digests": digests}))
"""


def test_installed_and_used_from_the_menu(
    editors: EditorTree,
    bystander: Any,
    editor_daemon: RunningDaemon,
    photograph_files: Mapping[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a person does it: install, search for the action, choose, OK; the layer is what the command line makes."""
    gimp = without_checkout(Gimp(editors, tmp_path, [bystander.plug_ins]), monkeypatch)
    command("install", "gimp", "--dest", gimp.profile)
    variables = {**bystander.variables, "PHOTOSTYLE_DEVELOPMENT_PATH": ""}
    with gimp.window(photograph_files["coffee"], **variables) as window:
        dialog = GimpDialog(window)
        before = json.loads(bystander.tell("before", LOOK))
        dialog.open()
        dialog.choose(photograph_files["rocket"])
        dialog.agree()
        dialog.wait_for_layers(2)
        after = json.loads(bystander.tell("after", LOOK))
        window.press_until("ctrl+z", " 1 layer.*GIMP$", dialog.main)
        undone = json.loads(bystander.tell("undone", LOOK))
    assert after["digests"] == [expected(photograph_files, tmp_path), before["digests"][0]]
    new, old = after["everything"].pop("layers")
    assert new == old | {"id": new["id"], "name": "Style: rocket", "pixels": new["pixels"]}
    assert after["everything"] | {"layers": [old]} == before["everything"]
    assert undone == before


def test_a_python_with_nothing_talks_through_the_bridge(
    bare_gimp: Gimp, startable_backend: list[str], photograph_files: Mapping[str, Path], tmp_path: Path
) -> None:
    """It starts the bridge, and that the daemon."""
    command("install", "gimp", "--dest", bare_gimp.profile)
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "sitecustomize.py").write_text(HIDE_PACKAGES)
    (bare_gimp.profile / "environ").mkdir()
    (bare_gimp.profile / "environ" / "bare.env").write_text(f"PYTHONPATH={tmp_path / 'bare'}\n")
    said = use(bare_gimp, photograph_files, PHOTOSTYLE_BACKEND=startable_backend[0])
    assert "ZMQ none" in said
    assert re.search(r"LAYERS 2 (\w+)", said)[1] == expected(photograph_files, tmp_path, "--method", METHOD)  # type: ignore[index]
