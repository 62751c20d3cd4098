"""One job through a daemon: the same pixels, sent and fetched instead of read and written."""

from __future__ import annotations

from photostyle.bench.clock import Used
from photostyle.bench.measurement import DAEMON, Measurement
from photostyle.bench.memory import watched_memory
from photostyle.bench.private_daemon import PrivateDaemon
from photostyle.evaluation.method_spec import MethodSpec
from photostyle.stylize.task import Pixels, RegionPixels, StylizeTask
from photostyle.transfer.compute import with_client
from photostyle.transfer.report import COMPUTE, Report


class _Nobody:
    """Looks at no display."""

    def show(self, what: str, fraction: float | None) -> None:
        """See `Display`."""


def measure_daemon(
    spec: MethodSpec, megapixels: float, content: Pixels, style: Pixels, daemon: PrivateDaemon
) -> Measurement:
    """Run it once; the content is drawn over.

    Of the stages in the worker only the clock is known, so the processor's seconds stand beside them as one sum.
    """
    task, report = StylizeTask(content, (RegionPixels(style),), None, spec.settings), Report(_Nobody())
    begin = daemon.used()
    with watched_memory(daemon.worker) as peak:
        with_client(daemon.client, task, report)
    whole = daemon.used().since(begin)
    clock = {name: seconds for name, seconds in report.seconds.items() if name != COMPUTE} | report.stages
    stages = {name: Used(seconds, 0.0) for name, seconds in clock.items()}
    rest = Used(whole.wall - sum(used.wall for used in stages.values()), whole.cpu)
    return Measurement(spec.text, megapixels, DAEMON, {**stages, "in all processes": rest}, peak.bytes)
