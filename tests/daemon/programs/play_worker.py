"""A worker whose engine plays a part: what happens is said by the request's method and options.

``PLAY_LOADING`` says what happens before it is ready. Everything else is the product's own worker.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from photostyle import worker
from photostyle_protocol.color_space import LINEAR_LIGHT
from photostyle_protocol.errors import BadOptionError
from photostyle_protocol.outcome import Notice
from photostyle_protocol.progress import Glimpse


class PlayEngine:
    device_name = "stage"


def load(device: str) -> PlayEngine:
    play = os.environ.get("PLAY_LOADING", "")
    if play == "slow":
        time.sleep(float(os.environ["PLAY_SECONDS"]))
    elif play == "die":
        print("the scenery fell down", file=sys.stderr, flush=True)
        os._exit(3)
    elif play == "error":
        raise BadOptionError(f"There is no device {device!r}.", "Use cpu.")
    return PlayEngine()


def invert(task, progress, options):
    progress(0.5, "inverting")
    return np.iinfo(np.uint8).max - task.content


def steps(task, progress, options):
    for step in range(options["count"]):
        progress(step / options["count"], f"step {step // 10}")
        time.sleep(options.get("seconds", 0.01))
    return task.content


def develop(task, progress, options):
    """A picture that turns from red to magenta, to be looked at on its way."""
    import torch

    count = options["count"]
    for step in range(1, count + 1):
        losses = {"total": 1 - step / count}
        color = torch.tensor([1.0, 0.0, step / count]).reshape(1, 3, 1, 1).expand(1, 3, *task.content.shape[:2])
        progress(step / count, "developing", Glimpse(losses, lambda color=color: color))
        time.sleep(options.get("seconds", 0.01))
    return task.content


def wait(task, progress, options):
    """Until a file appears."""
    while not Path(options["file"]).exists():
        progress(0.5, "waiting for the test")
        time.sleep(0.02)
    return task.content


def hang(task, progress, options):
    progress(0.1, "hanging")
    time.sleep(60)


def spin(task, progress, options):
    progress(0.1, "spinning")
    np.linalg.eigvalsh(np.random.default_rng(0).normal(size=(5000, 5000)))


def die(task, progress, options):
    progress(0.1, "dying")
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(task, progress, options):
    marker = Path(options["marker"])
    if not marker.exists():
        marker.touch()
        die(task, progress, options)
    return task.content


def refuse(task, progress, options):
    raise BadOptionError(options["what"] * 2)


def fail(task, progress, options):
    raise ValueError("a wrong turn")


def memory(task, progress, options):
    raise MemoryError


def device_error(task, progress, options):
    raise RuntimeError("CUDA error: an illegal memory access was encountered")


def chatter(task, progress, options):
    os.write(1, b"a library prints to standard output\n")
    for step in range(3000):
        progress(step / 3000, str(step))
    return task.content


def pid(task, progress, options):
    task.content.reshape(-1)[:4] = list(os.getpid().to_bytes(4, "little"))
    return task.content


def describe(task, progress, options):
    shapes = [task.content.shape, task.mask.shape if task.mask is not None else None]
    shapes += [(r.style.shape, r.content_mask.shape if r.content_mask is not None else None) for r in task.regions]
    print(
        "shapes", shapes, "limit", task.limit_to_mask, "linear", task.space == LINEAR_LIGHT, file=sys.stderr, flush=True
    )
    task.content[...] = 0
    return task.content


PARTS = {
    part.__name__: part
    for part in (
        invert, steps, develop, wait, hang, spin, die, die_once, refuse, fail, memory, device_error, chatter, pid,
        describe
    )
}  # fmt: skip


def draw(task, canvas, progress, engine, setbacks):
    part, options = task.settings.method, task.settings.options
    if part not in PARTS:
        # A plug-in asks for the product's methods; the test has written down what they do.
        play = json.loads(Path(os.environ["PLAY_FILE"]).read_text())
        part, options = play.pop("part"), play
    canvas.add(PARTS[part](task, progress, options))
    return (Notice("setback", "Once more."),) * setbacks


if __name__ == "__main__":
    worker.main(sys.argv[1:], load, draw)
