"""The fixtures themselves, with throw-away plug-ins in both editors."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from photostyle_protocol.client import Client
from photostyle_protocol.errors import JobFailedError
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.request import RegionRef, Settings, StylizeRequest
from support.daemon import RunningDaemon, is_alive
from support.editors.backend import Stage
from support.editors.gimp import Gimp
from support.editors.krita import Krita
from support.editors.tree import EditorTree, problem
from support.imports import REPOSITORY
from support.waiting import wait_for

PROBES = REPOSITORY / "tests" / "editors" / "probes"

CALL_PROBE = """
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(os.environ["PICTURE"]))
procedure = Gimp.get_pdb().lookup_procedure("plug-in-probe")
config = procedure.create_config()
config.set_property("image", image)
config.set_core_object_array("drawables", image.get_layers())
assert procedure.run(config).index(0) == Gimp.PDBStatusType.SUCCESS
print("LAYERS", [layer.get_name() for layer in image.get_layers()])
image.delete()
"""


@pytest.fixture
def probed_gimp(editors: EditorTree, tmp_path: Path) -> Gimp:
    return Gimp(editors, tmp_path, [PROBES / "gimp"])


@pytest.fixture
def probed_krita(editors: EditorTree, tmp_path: Path) -> Krita:
    return Krita(editors, tmp_path, [PROBES / "krita" / "probe"])


def test_gimp_in_a_batch(probed_gimp: Gimp, photograph_files: Mapping[str, Path], runtime_dir: Path) -> None:
    report = probed_gimp.folder / "report.json"
    text = "import os\n" + CALL_PROBE
    done = probed_gimp.batch(text, PICTURE=str(photograph_files["coffee"]), REPORT=str(report))
    assert "LAYERS ['Probed', 'Background']" in done.stdout
    seen = json.loads(report.read_text())
    assert seen["PHOTOSTYLE_RUNTIME_DIR"] == str(runtime_dir)
    assert seen["PHOTOSTYLE_CONFIG_DIR"] == str(probed_gimp.config_dir)
    assert str(REPOSITORY / "plugin") in seen["PHOTOSTYLE_DEVELOPMENT_PATH"].split(os.pathsep)
    with pytest.raises(AssertionError, match="a wrong turn"):
        probed_gimp.batch("raise ValueError('a wrong turn')")


def test_gimp_with_its_window(probed_gimp: Gimp, photograph_files: Mapping[str, Path]) -> None:
    with probed_gimp.window(photograph_files["coffee"]) as window:
        main = window.wait_for_window("1 layer.*GIMP")
        window.search_action(main, "probe of the harness", "^Probe$")
        window.key("alt+o")
        window.wait_for_window("2 layers.*GIMP")
        assert window.screenshot(probed_gimp.folder / "after.png").stat().st_size > 10_000
        window.activate(main)
        window.key("ctrl+z")
        window.wait_for_window("1 layer.*GIMP")
        (sleeper,) = wait_for(lambda: window.run.processes("sleep 1000"), what="what the plug-in started")
        gimp = window.run.process.pid
    assert not is_alive(gimp)
    assert not is_alive(sleeper.pid)


def test_krita_without_a_window(probed_krita: Krita, photograph_files: Mapping[str, Path], runtime_dir: Path) -> None:
    seen = probed_krita.runner(PROBES / "in_krita.py", "look", photograph_files["coffee"])
    assert seen == {"size": [600, 400], "runtime": str(runtime_dir), "home": str(probed_krita.home)}
    with pytest.raises(AssertionError, match="a wrong turn"):
        probed_krita.runner(PROBES / "in_krita.py", "stumble")


def test_krita_with_its_window(probed_krita: Krita, photograph_files: Mapping[str, Path]) -> None:
    with probed_krita.window(photograph_files["coffee"]) as window:
        window.press_until("ctrl+alt+y", "^Probe sees 1", main=window.wait_for_class("krita"))
        assert window.screenshot(probed_krita.folder / "after.png").stat().st_size > 10_000


def test_a_daemon_outside_is_met_inside(editors: EditorTree, editor_daemon: RunningDaemon) -> None:
    script = (
        "from photostyle_protocol.client import Client\n"
        "with Client.connect() as client: print(client.status()['pid'], client.status()['worker']['state'])"
    )
    path = f"PYTHONPATH={REPOSITORY / 'shared'}"
    command = editors.command("in-editors", "--bind", REPOSITORY, "--", "env", path, "python3", "-c", script)
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    assert said.split() == [str(editor_daemon.process.pid), "idle"]


def test_a_staged_daemon_plays_for_every_method(stage: Stage) -> None:
    spec, pixels = ImageSpec(4, 4, 3, "uint8"), bytes(range(48))
    with stage.daemon.connect() as client:
        name = client.put(spec, pixels)
        request = StylizeRequest(name, (RegionRef(name),), settings=Settings("rest"))
        assert client.get(client.stylize(request).digest)[1] == bytes(255 - value for value in pixels)
        stage.play("fail")
        with pytest.raises(JobFailedError):
            client.stylize(request)


def test_the_backend_can_be_started_from_inside(
    editors: EditorTree, startable_backend: list[str], tmp_path: Path
) -> None:
    assert json.loads((tmp_path / "config" / "backend.json").read_text())["command"] == startable_backend
    command = editors.command("in-editors", "--", *startable_backend, "serve", "--device", "cpu")
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=100).stdout
    with Client.connect() as client:
        assert f"process {client.status()['pid']}" in said


def test_what_to_do_without_the_editors(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        assert "tests/editors/setup" in problem(tmp_path)
    else:
        assert "needs Linux, root" in problem(tmp_path)
