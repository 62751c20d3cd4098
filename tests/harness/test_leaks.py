"""The harness itself: an inner run that leaks must fail, for each kind of leak, and a tidy one must pass."""

from pathlib import Path

import pytest

from support.daemon import RunningDaemon
from support.leaks import store_name

TESTS = Path(__file__).parents[1]
SETTINGS = "[pytest]\naddopts = -p support.environment -p support.leaks -p no:cacheprovider\n"

LEAKS = {
    "threads: forgotten": """
        import threading, time
        def test_leak():
            threading.Thread(target=time.sleep, args=(8,), daemon=True, name="forgotten").start()
    """,
    "descriptors: anon_inode:*eventpoll": """
        import zmq
        kept = []
        def test_leak():
            kept.append(zmq.Context())
            kept[0].socket(zmq.DEALER).close()
    """,
    "processes: * sleep 60": """
        import subprocess
        def test_leak(request):
            request.config.kept = subprocess.Popen(["sleep", "60"])
    """,
    "descriptors: pipe:": """
        import os
        def test_leak():
            os.pipe()
    """,
    "files: /*/left": """
        import os, socket
        def test_leak():
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(os.environ["PHOTOSTYLE_RUNTIME_DIR"] + "/left")
    """,
}

DETACHED = """
    import subprocess, sys
    START = "import subprocess; subprocess.Popen(['sleep', '61'], start_new_session=True)"
    def test_leak():
        subprocess.run([sys.executable, "-c", START], check=True)
"""

TIDY = """
    import socket, subprocess, threading
    import pytest, zmq

    @pytest.fixture(scope="module")
    def wide(tmp_path_factory):
        with subprocess.Popen(["sleep", "60"]) as child, zmq.Context() as context:
            with context.socket(zmq.DEALER) as held:
                yield held
            child.kill()

    def test_wide_fixture_may_hold(wide): ...

    def test_tidy(wide):
        with zmq.Context() as context, context.socket(zmq.PAIR) as pair:
            pair.bind("inproc://x")
        thread = threading.Thread(target=print)
        thread.start()
        thread.join()
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(TESTS), prepend=":")
    pytester.makeini(SETTINGS)
    pytester.makeconftest("import support.leaks\nsupport.leaks.PATIENCE_S = 0.5\n")
    return pytester


def run(inner: pytest.Pytester, source: str) -> pytest.RunResult:
    inner.makepyfile(source)
    return inner.runpytest_subprocess(timeout=60)


@pytest.mark.parametrize("kind", LEAKS)
def test_leak_fails(inner: pytest.Pytester, kind: str) -> None:
    result = run(inner, LEAKS[kind])
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*the test left behind:*", f"*{kind}*"])


def test_detached_process_fails(inner: pytest.Pytester) -> None:
    result = run(inner, DETACHED)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*processes: * sleep 61*"])


STORE = """
    import os
    from pathlib import Path
    from support.leaks import store_name
    def test_store_of_this_session(runtime_dir):
        made.append(Path("/dev/shm", store_name(runtime_dir)))
        made[-1].mkdir()
    def test_store_of_others():
        made.append(Path("/dev/shm", store_name(Path(f"/elsewhere{os.getpid()}"))))
        made[-1].mkdir()
    made = []
    def teardown_module():
        for path in made:
            path.rmdir()
"""


def test_only_stores_of_this_session_count(inner: pytest.Pytester) -> None:
    result = run(inner, STORE)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["ERROR *::test_store_of_this_session*"])


def test_tidy_passes(inner: pytest.Pytester) -> None:
    run(inner, TIDY).assert_outcomes(passed=2)


def test_the_daemon_names_its_store_as_expected(daemon: RunningDaemon) -> None:
    places = (Path("/dev/shm", store_name(daemon.folder)), daemon.folder / "store")
    assert any(place.is_dir() for place in places)
