"""docs/protocol.md is enough to write a client from."""

import json
import subprocess
import sys

import pytest

from support.daemon import BRIDGE, PROGRAMS, Start


@pytest.mark.parametrize(("transport", "bridge"), [("ipc", []), ("tcp", []), ("ipc", BRIDGE)])
def test_a_client_from_the_page_alone(start: Start, transport: str, bridge: list[str]) -> None:
    daemon = start(local_transport=transport)
    command = [sys.executable, str(PROGRAMS / "plain_client.py"), str(daemon.folder)]
    for _ in range(2):  # the second time the picture is there already
        done = subprocess.run([*command, "invert", *bridge], capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr
        event = json.loads(done.stdout)
        assert event["type"] == "result"
        assert bytes.fromhex(event["pixels"]) == bytes(255 - value for value in range(45))
    done = subprocess.run([*command, "fail", *bridge], capture_output=True, text=True, timeout=30, check=True)
    assert json.loads(done.stdout)["code"] == "failed"


def test_the_plain_client_is_plain() -> None:
    text = (PROGRAMS / "plain_client.py").read_text()
    assert "import photostyle" not in text
    assert "from photostyle" not in text
