"""Whatever three clients do, in whatever order: each sees what a model of the daemon says.

Hypothesis makes up the conversations with a real daemon.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import msgpack
import pytest
import zmq
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from photostyle.daemon.sessions import SESSIONS
from photostyle.daemon.store import HALF_PUTS
from photostyle_protocol.connection import read_connection
from photostyle_protocol.images import ImageSpec, digest
from photostyle_protocol.limits import PROTOCOL
from support.daemon import RunningDaemon, Start
from support.raw_client import serves
from support.waiting import wait_for

SILENCE = 3.0
SPEC = ImageSpec(2, 3, 1, "uint8")
WIRE_SPEC = {"height": 2, "width": 3, "channels": 1, "dtype": "uint8"}
PATIENCE_MS = 20_000
LONG, SHORT = 3000, 5
JOBS_OF_A_GUEST = 3
GUESTS = st.integers(0, 2)
PICKS = st.integers(0, 5)
FINAL = ("result", "failed", "cancelled")


@dataclass
class Wanted:
    """How a job may end: the kinds of its last message, with the result's digest, the error's code or the reason."""

    endings: set[tuple[str, str]]
    is_preview: bool

    def may_stop(self, reason: str) -> None:
        """It is being stopped; only the first reason counts."""
        if not any(kind == "cancelled" for kind, _ in self.endings):
            self.endings.add(("cancelled", reason))

    def stop(self) -> None:
        """It has been stopped, or failed before; a result is not given out any more."""
        self.endings = {end for end in self.endings if end[0] != "result"}


@dataclass
class House:
    """The daemon, and what the model knows of it from one conversation to the next."""

    daemon: RunningDaemon
    context: zmq.Context[Any]
    numbers: itertools.count[int] = field(default_factory=itertools.count)
    pictures: dict[str, bytes] = field(default_factory=dict)
    whole: list[str] = field(default_factory=list)
    left: deque[float] = field(default_factory=lambda: deque(maxlen=SESSIONS))
    steps: int = 0

    def new_picture(self, pixels: bytes | None = None) -> str:
        """The name of a picture that the daemon has not been sent yet; its own pixels, where none are given."""
        pixels = pixels or next(self.numbers).to_bytes(SPEC.nbytes, "big")
        name = digest(SPEC, pixels)
        self.pictures[name] = pixels
        return name

    def may_be_full(self) -> bool:
        """Whether clients that went without a word may still fill the daemon."""
        return sum(time.monotonic() - gone < 3 * SILENCE for gone in self.left) > SESSIONS - 10


class Guest:
    """One client, and what the model says that the daemon knows of it."""

    def __init__(self, house: House, name: bytes) -> None:
        self.name = name
        self.socket = house.context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.routing_id = name
        self.socket.connect(read_connection(house.daemon.folder / "connection.json").endpoint)
        self.heard = 0.0
        self.asked = 0
        self.is_greeted = False
        self.forget()

    def request(self, kind: str, **fields: Any) -> bytes:
        """A message of its own number."""
        self.asked += 1
        return bytes(msgpack.packb({"type": kind, "id": self.asked, **fields}))

    def forget(self) -> None:
        """The daemon does not know this client, or not any more; news of its jobs may be on their way."""
        self.is_greeted = False
        self.halves: dict[str, int] = {}
        self.jobs: dict[int, Wanted] = {}
        self.is_owed_nothing = False


class Conversation(RuleBasedStateMachine):
    """What clients do."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self.guests = [self._newcomer() for _ in range(3)]
        for who in range(3):
            self.greet(who)

    def _newcomer(self) -> Guest:
        return Guest(self.house, b"guest %d" % next(self.house.numbers))

    def ask(self, guest: Guest, kind: str, *pixels: bytes, **fields: Any) -> dict[str, Any]:
        """Send a request; its answer, with the pixels as ``pixels``, after what came before it was looked at."""
        self.house.steps += 1
        asked = time.monotonic()
        guest.socket.send_multipart([guest.request(kind, **fields), *pixels])
        answer = self._answer(guest)
        guest.heard = asked
        return answer

    def _answer(self, guest: Guest) -> dict[str, Any]:
        while "id" not in (answer := self._next(guest)):
            self.look_at(guest, answer)
        assert answer["id"] == guest.asked
        if answer["type"] == "hello_required":
            assert not guest.is_greeted or time.monotonic() - guest.heard > SILENCE
            guest.forget()
        guest.is_owed_nothing = True
        return answer

    def _next(self, guest: Guest) -> dict[str, Any]:
        assert guest.socket.poll(PATIENCE_MS), "no answer"
        header, *pixels = guest.socket.recv_multipart()
        return {**msgpack.unpackb(header), "pixels": b"".join(pixels)}

    def look_at(self, guest: Guest, news: dict[str, Any]) -> None:
        """Each job has its own news, and one end, which is one of those that it may have."""
        number, kind = news["job"], news["type"]
        if number not in guest.jobs:
            assert not guest.is_owed_nothing, f"news of job {number}, which has ended or is of somebody else"
            return
        if kind not in FINAL:
            assert kind == "progress"
            assert 0 <= news["fraction"] <= 1
            return
        job = guest.jobs.pop(number)
        what = {"result": "digest", "failed": "code", "cancelled": "reason"}[kind]
        assert (kind, news[what]) in job.endings
        if kind == "result" and news["digest"] not in self.house.whole:
            self.house.whole.append(news["digest"])

    @rule(who=GUESTS)
    def greet(self, who: int) -> None:
        guest = self.guests[who]
        while (answer := self.ask(guest, "hello", protocol=PROTOCOL, client="guest"))["type"] == "error":
            assert answer["code"] == "busy"
            assert self.house.may_be_full()
            time.sleep(0.2)
        assert answer["type"] == "welcome"
        guest.is_greeted = True

    @rule(who=GUESTS)
    def ping(self, who: int) -> None:
        guest = self.guests[who]
        assert self.ask(guest, "ping")["type"] == ("pong" if guest.is_greeted else "hello_required")

    @rule(who=GUESTS, how=st.sampled_from(["leave", "vanish", "reconnect"]), is_back=st.booleans())
    def go(self, who: int, how: str, is_back: bool) -> None:
        getattr(self, how)(who)
        if is_back:
            self.greet(who)

    def leave(self, who: int) -> None:
        guest = self.guests[who]
        guest.socket.send(guest.request("bye"))
        guest.forget()

    def vanish(self, who: int) -> None:
        """Without a word; somebody else comes."""
        if self.guests[who].is_greeted:
            self.house.left.append(time.monotonic())
        self.guests[who].socket.close()
        self.guests[who] = self._newcomer()

    def reconnect(self, who: int) -> None:
        """Under the same name: what was half done can be gone on with."""
        old = self.guests[who]
        if old.jobs:
            return
        guest = old
        # The daemon hears nobody of this name before it has noticed that the other one has gone.
        while guest is old or not guest.socket.poll(500):
            guest.socket.close()
            guest = self.guests[who] = Guest(self.house, old.name)
            guest.socket.send(guest.request("ping"))
        guest.is_greeted, guest.halves, guest.heard = old.is_greeted, old.halves, old.heard
        self._answer(guest)

    @rule(who=GUESTS, cuts=st.sets(st.integers(1, SPEC.nbytes - 1), max_size=3))
    def put(self, who: int, cuts: set[int]) -> None:
        name = self.house.new_picture()
        edges = [0, *sorted(cuts), SPEC.nbytes]
        for first, end in itertools.pairwise(edges):
            if not self.put_band(self.guests[who], name, first, end):
                return
        assert name in self.house.whole

    @rule(who=GUESTS, end=st.integers(1, SPEC.nbytes - 1))
    def put_half(self, who: int, end: int) -> None:
        self.put_band(self.guests[who], self.house.new_picture(), 0, end)

    @rule(who=GUESTS, pick=PICKS, end=st.integers(1, SPEC.nbytes))
    def go_on_putting(self, who: int, pick: int, end: int) -> None:
        """What one has begun nobody else can go on with."""
        halves = [(name, begun) for guest in self.guests for name, begun in guest.halves.items()]
        if halves:
            name, begun = halves[pick % len(halves)]
            self.put_band(self.guests[who], name, begun, max(end, begun + 1))

    def put_band(self, guest: Guest, name: str, first: int, end: int) -> bool:
        """Send one band; whether it was taken."""
        is_full = first == 0 and len(guest.halves) >= HALF_PUTS
        if is_full:
            return False
        fits = first == 0 or guest.halves.get(name) == first
        pixels = self.house.pictures[name][first:end]
        answer = self.ask(guest, "put", pixels, digest=name, spec=WIRE_SPEC, offset=first)
        if not guest.is_greeted:
            return False
        if name in self.house.whole:
            guest.halves.pop(name, None)
            assert answer["complete"]
            return True
        if not fits:
            assert (answer["type"], answer["code"]) == ("error", "protocol")
            return False
        assert (answer["received"], answer["complete"]) == (end, end == SPEC.nbytes)
        guest.halves[name] = end
        if end == SPEC.nbytes:
            del guest.halves[name]
            self.house.whole.append(name)
        return True

    @rule(who=GUESTS)
    def lie(self, who: int) -> None:
        """Other pixels than the name says are not taken in."""
        guest, name = self.guests[who], self.house.new_picture()
        if len(guest.halves) == HALF_PUTS:
            return
        answer = self.ask(guest, "put", b"wrong!", digest=name, spec=WIRE_SPEC, offset=0)
        assert not guest.is_greeted or answer["code"] == "protocol"

    @rule(who=GUESTS)
    def look_around(self, who: int) -> None:
        """The daemon holds what it was given, nothing else, and not by halves."""
        halves = [name for guest in self.guests for name in guest.halves]
        there = self.house.whole[-20:]
        answer = self.ask(self.guests[who], "have", digests=[*there, *halves, "0" * 64])
        if self.guests[who].is_greeted:
            assert set(answer["digests"]) == set(there)

    @rule(who=GUESTS, pick=PICKS, offset=st.integers(0, SPEC.nbytes), length=st.integers(0, SPEC.nbytes + 1))
    def fetch(self, who: int, pick: int, offset: int, length: int) -> None:
        guest, name = self.guests[who], self.pick(pick)
        answer = self.ask(guest, "get", digest=name, offset=offset, length=length)
        if not guest.is_greeted:
            return
        if name not in self.house.whole:
            assert answer["code"] == "unknown_image"
        elif offset == SPEC.nbytes or not length:
            assert answer["code"] == "protocol"
        else:
            assert answer["pixels"] == self.house.pictures[name][offset : offset + length]

    def pick(self, pick: int) -> str:
        """One of the last pictures, or one that is not there."""
        known = [*self.house.whole[-4:], "f" * 64]
        return known[pick % len(known)]

    @rule(who=GUESTS, pick=PICKS, part=st.sampled_from(["invert", "steps", "hold", "refuse"]), is_preview=st.booleans())
    def stylize(self, who: int, pick: int, part: str, is_preview: bool) -> None:
        guest, name = self.guests[who], self.pick(pick)
        if len(guest.jobs) >= JOBS_OF_A_GUEST:
            return
        options = {"count": LONG if part == "hold" else SHORT, "what": "no"}
        settings = {"method": "steps" if part == "hold" else part, "options": options}
        request = {"content": name, "regions": [{"style": name}], "settings": settings, "preview": is_preview}
        older = [job for job in guest.jobs.values() if job.is_preview and is_preview and name in self.house.whole]
        for job in older:
            job.may_stop("replaced")
        answer = self.ask(guest, "stylize", request=request)
        if not guest.is_greeted:
            return
        if name not in self.house.whole:
            assert answer["code"] == "unknown_image"
            return
        for job in older:
            job.stop()
        guest.jobs[answer["job"]] = Wanted(self._endings(part, name), is_preview)

    def _endings(self, part: str, name: str) -> set[tuple[str, str]]:
        if part == "invert":
            name = self.house.new_picture(bytes(255 - value for value in self.house.pictures[name]))
        return {"refuse": {("failed", "bad_option")}, "hold": set()}.get(part, {("result", name)})

    @rule(who=GUESTS, pick=PICKS)
    def cancel(self, who: int, pick: int) -> None:
        """Somebody else's jobs cannot be cancelled."""
        guest = self.guests[who]
        jobs = [(number, job, owner) for owner in self.guests for number, job in owner.jobs.items()]
        if jobs:
            number, job, owner = jobs[pick % len(jobs)]
            self.cancel_job(guest, number, job, is_own=owner is guest)

    def cancel_job(self, guest: Guest, number: int, job: Wanted, is_own: bool) -> None:
        if is_own:
            job.may_stop("asked")
        answer = self.ask(guest, "cancel", job=number)
        if guest.is_greeted:
            assert answer["type"] == "ok"
            if is_own:
                job.stop()

    @rule(who=GUESTS)
    def wait(self, who: int) -> None:
        """For one piece of news."""
        guest = self.guests[who]
        if guest.jobs and guest.socket.poll(50):
            self.look_at(guest, self._next(guest))

    def teardown(self) -> None:
        """Every job that has not been stopped ends as it should."""
        for guest in self.guests:
            for number, job in list(guest.jobs.items()):
                if not job.endings:
                    self.cancel_job(guest, number, job, is_own=True)
        for guest in self.guests:
            while guest.jobs and guest.is_greeted:
                self.ask(guest, "ping")
                if guest.jobs:
                    self.look_at(guest, self._next(guest))
            guest.socket.send(guest.request("bye"))
            guest.socket.close(linger=1000)
        assert self.house.daemon.process.poll() is None


def is_tidy(status: dict[str, Any]) -> bool:
    """Whether nobody but who asks is there, no job, and no half picture."""
    jobs, store = status["jobs"], status["store"]
    is_whole = store["bytes"] == store["images"] * SPEC.nbytes
    return is_whole and (status["clients"], jobs["waiting"], jobs["running"]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("conversations", "steps"),
    [(30, 40), pytest.param(1500, 60, marks=[pytest.mark.stress, pytest.mark.timeout(3600)])],
)
def test_everybody_sees_what_the_model_says(start: Start, conversations: int, steps: int) -> None:
    daemon = start(silence_s=SILENCE)
    worker = daemon.wait_for_worker()
    with zmq.Context() as context, contextlib.ExitStack() as stack:
        house = House(daemon, context)
        stack.callback(context.destroy, linger=0)
        run_state_machine_as_test(
            type("Conversation", (Conversation,), {"house": house}),
            settings=settings(
                max_examples=conversations,
                stateful_step_count=steps,
                deadline=None,
                # A conversation is not the same again: what others have left behind, and the clock, are others.
                phases=[Phase.generate],
                derandomize=conversations < 100,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    print(f"{house.steps} requests in {conversations} conversations")
    with daemon.connect() as client:
        wait_for(lambda: is_tidy(client.status()), 5 * SILENCE, "the end of everything that clients have left behind")
    assert serves(daemon)
    assert daemon.wait_for_worker() == worker
    assert "Traceback" not in daemon.log
