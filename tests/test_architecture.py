"""The shape of the house: which room may import which, and how large its pieces may be."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from support.imports import REPOSITORY, Module, imported_names, inside, modules

ENGINE = {"stylize", "methods", "features", "ops", "models"}
ARROWS = {
    "photostyle": set(),
    "cli": ENGINE | {"batch", "bench", "transfer", "daemon", "training", "evaluation", "imaging", "installing"},
    "batch": ENGINE | {"imaging", "transfer"},
    "bench": ENGINE | {"evaluation", "imaging", "machine", "transfer"},
    "transfer": ENGINE | {"imaging", "machine"},
    "daemon": {"machine"},
    "installing": set(),
    "machine": set(),
    "worker": ENGINE | {"daemon", "machine"},
    "training": ENGINE | {"imaging"},
    "evaluation": ENGINE | {"imaging"},
    "stylize": {"methods", "features", "ops", "imaging", "machine"},
    "methods": {"features", "ops", "models"},
    "features": {"ops", "models"},
    "models": set(),
    "ops": set(),
    "imaging": {"machine"},
}
"""The rooms of the backend that a room may import, beside itself and the protocol package."""

SHARED_VOCABULARY = "photostyle.stylize.task"
"""The tree of values that a job is; it imports nothing heavy, and every room may speak of it."""

TORCH_ROOMS = {"worker", "stylize", "methods", "features", "ops", "training", "evaluation", "bench"}
TORCH = ("torch", "torchvision", "safetensors")
STORES_CODE = ("pickle", "cPickle", "cloudpickle", "dill", "shelve", "marshal", "joblib")
PICKLING = ("torch.load", "torch.save", "allow_pickle=True", "weights_only=False")
TENSORS_ONLY = {"photostyle.features.weights.conversion": "weights_only=True"}
"""Who may read what others have pickled, once its digest is known to be right, and on which condition."""
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 8

ROOMS = {
    room: [module for module in modules() if module.room == room]
    for room in sorted({module.room for module in modules()})
}
BY_NAME = {module.name: module for module in modules()}


def imports_of(module: Module, *packages: str) -> list[str]:
    names = (name for name in module.imports if any(inside(name, package) for package in packages))
    return [f"{module.name} imports {name}" for name in names]


def backend_imports(module: Module) -> Iterator[tuple[str, str]]:
    for name in module.imports:
        if inside(name, "photostyle") and not inside(name, SHARED_VOCABULARY):
            yield name, name.split(".")[1] if "." in name else "photostyle"


@pytest.mark.parametrize("room", [room for room in ROOMS if not room.startswith("photostyle_")])
def test_arrows_point_one_way(room: str) -> None:
    assert room in ARROWS, "a new room: say in ARROWS what it may import"
    allowed = ARROWS[room] | {room, "__version__"}
    wrong = [
        f"{module.name} imports {name}"
        for module in ROOMS[room]
        for name, target in backend_imports(module)
        if target not in allowed
    ]
    assert not wrong


LITTLE = {
    "photostyle_protocol": {"zmq", "msgpack", "photostyle_protocol"},
    "photostyle_plugin": {"zmq", "photostyle_protocol", "photostyle_plugin"},
}
"""What runs in an editor's own Python: what it may import, beside the standard library."""


@pytest.mark.parametrize("room", LITTLE)
def test_what_runs_in_an_editor_imports_little(room: str) -> None:
    names = ((module.name, name) for module in ROOMS.get(room, []) for name in module.imports)
    assert not beyond_the_standard_library(names, LITTLE[room])


def beyond_the_standard_library(imports: Iterable[tuple[str, str]], allowed: set[str]) -> list[str]:
    at_home = sys.stdlib_module_names | allowed
    return [f"{where} imports {name}" for where, name in imports if name.partition(".")[0] not in at_home]


ADAPTERS = {
    "gimp/photorealistic-style": {"gi"},
    "krita/photorealistic_style": {"krita", "PyQt5", "PyQt6", "photorealistic_style"},
}
"""The adapters' folders, and what only their editor has. GIMP finds what lies in a plug-in's folder by its name."""


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_adapters_import_what_their_editor_has(adapter: str) -> None:
    files = sorted((REPOSITORY / "plugin" / adapter).rglob("*.py"))
    siblings = {path.stem for path in files} if adapter.startswith("gimp") else set()
    trees = ((path, ast.parse(path.read_text(encoding="utf-8"))) for path in files)
    names = ((str(path), name) for path, tree in trees for name in imported_names(tree, "photorealistic_style"))
    allowed = ADAPTERS[adapter] | siblings | {"photostyle_plugin", "photostyle_protocol"}
    assert not beyond_the_standard_library(names, allowed)


def test_methods_do_not_import_each_other() -> None:
    shared = ("base", "overview", "mapped", "registry", "perceptual", "optimisation", "networks")
    common = tuple(f"photostyle.methods.{name}" for name in shared)
    wrong = [
        f"{module.name} imports {name}"
        for module in ROOMS["methods"]
        for name in module.imports
        if inside(name, "photostyle.methods") and module.name not in common
        if not inside(name, module.name) and not any(inside(name, c) for c in common)
    ]
    assert not wrong


def test_only_the_engine_imports_torch() -> None:
    assert not [line for m in modules() if m.room not in TORCH_ROOMS for line in imports_of(m, *TORCH)]
    assert not imports_of(BY_NAME[SHARED_VOCABULARY], *TORCH)


def test_nothing_imports_torchvision() -> None:
    """What its weights need are a few layers, and a torchvision that does not match the torch cannot be imported."""
    assert not [line for m in modules() for line in imports_of(m, "torchvision")]


def test_daemon_is_light() -> None:
    heavy = ("numpy", "PIL", "typer", "rich", "skimage", "scipy")
    assert not [line for module in ROOMS["daemon"] for line in imports_of(module, *heavy, *TORCH)]


def test_nothing_that_stores_code() -> None:
    assert not [line for module in modules() for line in imports_of(module, *STORES_CODE)]
    assert not [line for module in modules() for line in pickling_calls(module)]


def pickling_calls(module: Module) -> Iterator[str]:
    condition = TENSORS_ONLY.get(module.name)
    tree = ast.parse(module.path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    allowed = [c.func for c in calls if condition in [ast.unparse(keyword) for keyword in c.keywords]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.keyword) and ast.unparse(node) in PICKLING and node not in allowed:
            yield f"{module.path}:{node.lineno} {ast.unparse(node)}"


BLOCKED = """
import importlib, sys
class Broken:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torchvision":
            raise RuntimeError("operator torchvision::nms does not exist")
sys.meta_path.insert(0, Broken())
for name in sys.argv[2:]:
    importlib.import_module(name)
wrong = sorted(set(sys.argv[1].split(",")) & set(sys.modules))
sys.exit(f"importing brought {wrong}" if wrong else 0)
"""


def import_in_a_process(names: list[str], unwanted: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", BLOCKED, ",".join(unwanted), *names]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr


def importable(room: str) -> list[str]:
    return [module.name for module in ROOMS.get(room, []) if not module.name.endswith("__main__")]


def test_core_imports_beside_a_broken_torchvision() -> None:
    core = [m.name for m in modules() if m.room not in {"photostyle_plugin"} and not m.name.endswith("__main__")]
    import_in_a_process(core, ("torchvision",))


LIGHT = {
    "photostyle_protocol": ("numpy", "torch"),
    "photostyle_plugin": ("zmq", "msgpack", "gettext", "subprocess", "photostyle_protocol.client"),
    "daemon": ("numpy", "torch", "PIL", "rich", "typer"),
    "imaging": ("torch",),
    "installing": ("numpy", "torch", "zmq"),
    "batch": ("numpy", "torch", "zmq"),
    "cli": ("numpy", "torch", "zmq"),
    "transfer": ("numpy", "torch", "zmq"),
}


@pytest.mark.parametrize("room", LIGHT)
def test_importing_stays_light(room: str) -> None:
    import_in_a_process(importable(room), LIGHT[room])


def source_files(pattern: str = "*") -> list[Path]:
    folders = ("backend", "shared", "plugin", "installers", "tests", "docs", ".ci")
    found = [path for folder in folders for path in (REPOSITORY / folder).rglob(pattern)]
    found += [path for path in REPOSITORY.glob(pattern) if path.name != ".git"]
    return [path for path in found if path.is_file() and "__pycache__" not in path.parts]


def function_lengths(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.body[0].lineno + 1


def test_functions_are_small() -> None:
    lengths = dict(pair for path in source_files("*.py") for pair in function_lengths(path))
    assert not [where for where, lines in lengths.items() if lines > LONGEST_FUNCTION]
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION


def test_no_place_of_one_machine_is_named() -> None:
    words = (r"(?<![\w.])/(?:work|root|home)/[a-z]", r"pypi\.org", r"pythonhosted\.", r"download\.pytorch\.org/whl")
    private = re.compile("|".join(words).encode())
    texts = {path: path.read_bytes() for path in source_files()}
    assert not [str(path) for path, text in texts.items() if b"\0" not in text and private.search(text)]


def test_imports_are_read_from_every_form() -> None:
    source = "import a.b\ndef f():\n    from ..ops import c\n    from . import d\nfrom e import g as h\n"
    found = set(imported_names(ast.parse(source), "photostyle.methods"))
    assert found == {"a.b", "photostyle.ops.c", "photostyle.methods.d", "e.g"}
