"""The plug-in as it is installed, in the real Krita: by its own importer from the zip, and by the command."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photostyle.installing.receipt import NAME as RECEIPT
from support.command_line import photostyle
from support.daemon import RunningDaemon
from support.editors.krita import Krita
from support.editors.tree import EditorTree
from support.waiting import wait_for

from .conftest import HAND, Studio

IMPORT = """
from plugin_importer.plugin_importer import PluginImporter
importer = PluginImporter({archive!r}, {resources!r}, lambda plugin: True)
names = [plugin["name"] for plugin in importer.import_all()]
for name in names:
    krita.writeSetting("python", "enable_" + name, "true")
names
"""

QUIT = "from PyQt5.QtCore import QTimer; QTimer.singleShot(100, krita.action('file_quit').trigger)"
FROM = "import photostyle_plugin, photostyle_protocol; [photostyle_plugin.__file__, photostyle_protocol.__file__]"


@pytest.fixture
def krita(editors: EditorTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Krita:
    """Krita without the checkout's plug-in, in the home folder that the command line installs into."""
    krita = Krita(editors, tmp_path, [HAND])
    monkeypatch.setenv("HOME", str(krita.home))
    monkeypatch.setenv("PHOTOSTYLE_CONFIG_DIR", str(krita.config_dir))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return krita


@contextmanager
def opened(krita: Krita, content: Path) -> Iterator[Studio]:
    """Krita with a picture, and no module of the checkout in its sight."""
    calls = Path(tempfile.mkdtemp(dir=krita.folder))
    with krita.window(content, HAND_FOLDER=str(calls), PHOTOSTYLE_DEVELOPMENT_PATH="") as window:
        studio = Studio(window, calls)
        studio.until("krita.activeDocument() is not None")
        yield studio


def resources(krita: Krita) -> Path:
    return krita.home / ".local" / "share" / "krita"


def ours(krita: Krita) -> dict[str, bytes]:
    """What is in Krita's folders under the plug-in's name."""
    root = resources(krita)
    found = (path for path in root.rglob("*") if path.is_file() and "photorealistic_style" in str(path))
    return {str(path.relative_to(root)): path.read_bytes() for path in found if path.suffix != ".pyc"}


def command(*words: str | Path) -> str:
    done = photostyle(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def use(krita: Krita, content: Path, style: Path, out: Path) -> None:
    """Start Krita anew, call the action and press OK; the result is that of the command line."""
    with opened(krita, content) as studio:
        assert studio("krita.action('photorealistic_style').text().replace('&', '')") == "Photorealistic Style…"
        studio("krita.action('photorealistic_style').trigger()")
        studio.window.wait_for_window("^Photorealistic Style:")
        assert all(str(resources(krita) / "pykrita" / "photorealistic_style") in path for path in studio(FROM))
        make_a_layer(studio, style)
        pixels = layer_pixels(studio)
        assert "Duplicated action name" not in studio.window.run.stderr
    command("stylize", content, style, "-o", out)
    np.testing.assert_array_equal(pixels, np.asarray(Image.open(out)))


def make_a_layer(studio: Studio, style: Path) -> None:
    studio(
        "from PyQt5.QtWidgets import QApplication\n"
        "dialog = [each for each in QApplication.topLevelWidgets() if type(each).__name__ == 'StyleDialog'][0]\n"
        "from photorealistic_style.styles import ImageStyle"
    )
    studio.choose("dialog._panel", style)
    studio("dialog._buttons.button(dialog._buttons.Ok).click()")
    studio.until("len(krita.activeDocument().topLevelNodes()) == 2", "the new layer")


def layer_pixels(studio: Studio) -> np.ndarray:
    node = "krita.activeDocument().topLevelNodes()[1]"
    x, y, width, height = studio(f"{node}.bounds().getRect()")
    raw = bytes.fromhex(studio(f"bytes({node}.pixelData({x}, {y}, {width}, {height}).data()).hex()"))
    return np.frombuffer(raw, np.uint8).reshape(height, width, 4)[..., 2::-1]


def test_from_the_zip_by_kritas_own_importer(
    krita: Krita, editor_daemon: RunningDaemon, photograph_files: Mapping[str, Path], tmp_path: Path
) -> None:
    archive = tmp_path / "photostyle-krita.zip"
    command("install", "krita", "--zip", archive, "--no-wheels")
    with opened(krita, photograph_files["coffee"]) as studio:
        names = studio(IMPORT.format(archive=str(archive), resources=str(resources(krita))))
        assert names == ["photorealistic_style"]
        studio(QUIT)
        wait_for(lambda: studio.window.run.process.poll() is not None, 60.0, "the end, when settings are written")
    imported = ours(krita)
    use(krita, photograph_files["coffee"], photograph_files["chelsea"], tmp_path / "out.png")

    assert "Kept" not in command("install", "krita"), "the same plug-in in the same places is taken over"
    installed = ours(krita)
    assert {name: data for name, data in installed.items() if name in imported and RECEIPT not in name} == {
        name: data for name, data in imported.items() if RECEIPT not in name
    }
    assert all("/vendor/" in name for name in installed.keys() - imported.keys())
    command("uninstall", "krita")
    assert ours(krita) == {}
    assert "photorealistic_style" not in (krita.home / ".config" / "kritarc").read_text()
