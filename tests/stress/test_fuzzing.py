"""Fuzzing that is guided by coverage: of all that reads bytes, and of whole conversations with a live broker."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.daemon import environment

PROGRAMS = Path(__file__).parent / "programs"
SECONDS = float(os.environ.get("PHOTOSTYLE_FUZZ_SECONDS", "60"))
"""Of each of the two; the first is shared between msgpack in Python, which is looked into, and msgpack in C."""

pytestmark = [pytest.mark.stress, pytest.mark.timeout(4 * SECONDS + 300)]


@pytest.mark.parametrize(
    ("program", "pure", "share"),
    [("fuzz_frames", "1", 0.5), ("fuzz_frames", "", 0.5), ("fuzz_sessions", "", 1.0)],
)
def test_nothing_is_found(runtime_dir: Path, tmp_path: Path, program: str, pure: str, share: float) -> None:
    pytest.importorskip("atheris", reason="tests/stress/setup installs it")
    (tmp_path / "corpus").mkdir()
    command = [sys.executable, str(PROGRAMS / f"{program}.py"), str(int(SECONDS * share)), str(tmp_path / "corpus")]
    variables = {**environment(), "MSGPACK_PUREPYTHON": pure}
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    runs = re.search(r"Done (\d+) runs", done.stderr)
    assert runs, done.stderr[-3000:]
    print(program, runs[0])
    assert int(runs[1]) > 100
