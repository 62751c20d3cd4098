"""Looks at what a method shows while it works, without holding it up."""

from __future__ import annotations

import time

from photostyle.stylize.loss_record import LossRecord
from photostyle.stylize.task import Pixels
from photostyle_protocol.progress import Glimpse

PAUSE_SECONDS = 0.5
"""Least time between two pictures."""

SHARE = 0.05
"""Most of the time that making pictures may take."""


class Onlooker:
    """Keeps the losses, and takes a small picture now and then.

    Args:
        wants_pictures: Whether somebody sees them.

    Attributes:
        record: The losses so far.
    """

    def __init__(self, wants_pictures: bool) -> None:
        self.record = LossRecord()
        self._wants_pictures = wants_pictures
        self._rests_until = 0.0

    def see(self, glimpse: Glimpse) -> Pixels | None:
        """Take in what a method shows.

        Returns:
            A picture as `small_picture` makes it, if it is time for one.
        """
        self.record.add(glimpse.losses)
        began = time.perf_counter()
        if not self._wants_pictures or began < self._rests_until:
            return None
        # Whoever shows something has loaded torch; whoever is only asked has perhaps not.
        from photostyle.stylize.small_picture import small_picture

        picture = small_picture(glimpse.picture)
        now = time.perf_counter()
        self._rests_until = now + max(PAUSE_SECONDS, (now - began) / SHARE)
        return picture
