"""What travels inside a plug-in really is all that a bare Python needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import msgpack
import pytest

from photostyle.installing import vendoring
from photostyle.installing.pythons import Python
from photostyle_plugin.vendoring import tags

PURE_QUESTION = """
import sys
sys.path[:0] = sys.argv[1:]
import msgpack, photostyle_protocol.client
assert msgpack.Packer.__module__ == "msgpack.fallback"
assert msgpack.unpackb(msgpack.packb([1, "two", b"three"])) == [1, "two", b"three"]
print(sorted(name for name in sys.modules if name.startswith("zmq")))
"""

ZMQ_QUESTION = """
import sys
sys.path[:0] = sys.argv[1:]
import zmq
with zmq.Context() as context, context.socket(zmq.PAIR) as one, context.socket(zmq.PAIR) as other:
    one.bind("inproc://here")
    other.connect("inproc://here")
    one.send(b"hello")
    print(other.recv().decode())
"""


def unpack(files: dict[str, bytes], folder: Path) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def ask_bare_python(question: str, *path: Path) -> str:
    """A Python that sees nothing but the standard library and these folders."""
    command = [sys.executable, "-I", "-S", "-c", question, *map(str, path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_client_runs_on_what_is_pure(tmp_path: Path) -> None:
    unpack(vendoring.pure_packages(), tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.suffix in {".so", ".pyd", ".pyc"}]
    assert ask_bare_python(PURE_QUESTION, tmp_path / "vendor/pure") == "[]"


def test_pyzmq_runs_from_where_the_plug_in_looks(tmp_path: Path) -> None:
    files = vendoring.own_pyzmq(None)
    if not files:
        pytest.skip("this Python's pyzmq leans on a libzmq elsewhere and is never copied")
    unpack(files, tmp_path)
    assert vendoring.own_tag() in tags()
    assert ask_bare_python(ZMQ_QUESTION, tmp_path / "vendor" / vendoring.own_tag()) == "hello"
    assert not [name for name in files if "/tests/" in name]


def test_pyzmq_is_not_copied_for_a_python_that_cannot_load_it() -> None:
    assert vendoring.own_pyzmq(Python("3.9.0", ("cpython-39-plan9-mips",))) == {}


def test_sources_of_translations_and_leftovers_stay_behind(tmp_path: Path) -> None:
    names = ["a.py", "de.mo", "de.po", "a.py~", ".hidden", "__pycache__/a.pyc", ".git/config", "sub/b.html"]
    unpack(dict.fromkeys(names, b""), tmp_path)
    assert set(vendoring.package_files(tmp_path)) == {"a.py", "de.mo", "sub/b.html"}


def test_what_is_pure_is_what_this_python_has() -> None:
    files = vendoring.pure_packages()
    ours = Path(str(msgpack.__file__)).parent
    assert files["vendor/pure/msgpack/fallback.py"] == (ours / "fallback.py").read_bytes()
    assert json.dumps(sorted({name.split("/")[2] for name in files})) == '["msgpack", "photostyle_protocol"]'
