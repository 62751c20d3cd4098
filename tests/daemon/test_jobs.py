"""Order, limits and news of jobs."""

import itertools
import time

import pytest

from photostyle.daemon.jobs import JOBS, JOBS_PER_CLIENT
from photostyle_protocol import messages as m
from photostyle_protocol.client import Client
from photostyle_protocol.errors import BadInputError, BusyError, JobCancelledError
from photostyle_protocol.limits import REGIONS
from photostyle_protocol.request import RegionRef, StylizeRequest
from support.daemon import RunningDaemon, play


def endings(client: Client, jobs: list[int]) -> list[tuple[int, object]]:
    """How jobs end, in the order in which they do."""
    ended = []
    deadline = time.monotonic() + 30
    while len(ended) < len(jobs) and time.monotonic() < deadline:
        event = client.next_event(1.0)
        if isinstance(event, m.FINAL_EVENTS):
            ended.append((event.job, event))
    return ended


def test_previews_run_before_finals(daemon: RunningDaemon, client: Client) -> None:
    daemon.wait_for_worker()
    first = client.submit(play(client, "steps", count=3000))
    finals = [client.submit(play(client, "invert")) for _ in range(2)]
    preview = client.submit(play(client, "invert", preview=True))
    client.cancel(first)  # it was there only to let the others wait
    ended = endings(client, [first, *finals, preview])
    assert [job for job, _ in ended] == [first, preview, *finals]
    assert all(isinstance(event, m.Result) for _, event in ended[1:])


@pytest.mark.parametrize("part", ["steps", "hang"])
def test_a_newer_preview_replaces_waiting_and_running_ones(daemon: RunningDaemon, client: Client, part: str) -> None:
    daemon.wait_for_worker()
    running = client.submit(play(client, part, preview=True, count=3000))
    assert client.next_event(5.0, running)
    waiting = client.submit(play(client, "invert", preview=True))
    newest = client.submit(play(client, "invert", preview=True))
    ended = dict(endings(client, [running, waiting, newest]))
    assert ended[running] == m.Cancelled(running, "replaced")
    assert ended[waiting] == m.Cancelled(waiting, "replaced")
    assert isinstance(ended[newest], m.Result)


def test_a_preview_of_another_client_is_left_alone(daemon: RunningDaemon, client: Client) -> None:
    with daemon.connect() as other:
        theirs = other.submit(play(other, "steps", preview=True, count=40))
        mine = client.submit(play(client, "invert", preview=True))
        assert isinstance(endings(client, [mine])[0][1], m.Result)
        assert isinstance(endings(other, [theirs])[0][1], m.Result)


def test_a_final_is_not_replaced(daemon: RunningDaemon, client: Client) -> None:
    final = client.submit(play(client, "steps", count=20))
    preview = client.submit(play(client, "invert", preview=True))
    assert all(isinstance(event, m.Result) for _, event in endings(client, [final, preview]))


def test_the_replaced_preview_raises(daemon: RunningDaemon, client: Client) -> None:
    first = play(client, "steps", preview=True, count=3000)
    newer = play(client, "invert", preview=True)
    submitted: list[int] = []

    def submit_newer(fraction: float, stage: str) -> None:
        if not submitted:
            submitted.append(client.submit(newer))

    with pytest.raises(JobCancelledError, match="newer preview replaced"):
        client.stylize(first, submit_newer)
    assert isinstance(endings(client, submitted)[0][1], m.Result)


def test_jobs_of_one_client_are_limited(daemon: RunningDaemon, client: Client) -> None:
    daemon.wait_for_worker()
    jobs = [client.submit(play(client, "steps", count=3000))]
    client.next_event(5.0)
    jobs += [client.submit(play(client, "invert")) for _ in range(JOBS_PER_CLIENT)]
    with pytest.raises(BusyError, match=f"{JOBS_PER_CLIENT} jobs of this client"):
        client.submit(play(client, "invert"))
    client.cancel(jobs[0])
    assert len(endings(client, jobs)) == len(jobs)
    client.stylize(play(client, "invert"))


def test_jobs_of_all_clients_are_limited(daemon: RunningDaemon, client: Client) -> None:
    daemon.wait_for_worker()
    request = play(client, "steps", count=3000)
    client.submit(request)
    client.next_event(5.0)
    others = [daemon.connect() for _ in range(JOBS // JOBS_PER_CLIENT)]
    try:
        for other in others:
            for _ in range(JOBS_PER_CLIENT):
                other.submit(request)
        with pytest.raises(BusyError, match=f"{JOBS} jobs are waiting"):
            client.submit(request)
    finally:
        for other in others:
            other.close()


@pytest.mark.parametrize("count", [0, REGIONS + 1])
def test_the_number_of_regions(client: Client, count: int) -> None:
    name = play(client, "invert").content
    with pytest.raises(BadInputError, match=f"1 to {REGIONS} regions, not {count}"):
        client.submit(StylizeRequest(name, (RegionRef(name),) * count))


def test_progress_comes_at_least_every_second_and_at_most_ten_times(daemon: RunningDaemon, client: Client) -> None:
    daemon.wait_for_worker()
    quiet = client.submit(play(client, "steps", count=2, seconds=1.3))
    chatty = client.submit(play(client, "chatter"))
    heard: dict[int, list[float]] = {quiet: [], chatty: []}
    ended = 0
    while ended < 2:
        event = client.next_event(5.0)
        assert event is not None
        heard[event.job].append(time.monotonic())
        ended += isinstance(event, m.FINAL_EVENTS)
    for times in heard.values():
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        assert all(gap < 1.5 for gap in gaps)
    seconds = heard[chatty][-1] - heard[chatty][0]
    assert len(heard[chatty]) <= 3 + 10 * (seconds + 1)
    assert "a library prints to standard output" in (daemon.folder / "worker.log").read_text()


def test_what_the_client_hears_while_the_worker_loads(start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAY_LOADING", "slow")
    monkeypatch.setenv("PLAY_SECONDS", "1.6")
    stages: list[str] = []
    with start().connect() as client:
        client.stylize(play(client, "invert"), lambda fraction, stage: stages.append(stage))
    assert stages[0] == "loading"
