"""A part of a batch, for one of several machines that share nothing but the folders."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from photostyle.batch.job import Job
from photostyle_protocol.errors import BadOptionError

_FORM = re.compile(r"(\d{1,6})/(\d{1,6})")


@dataclass(frozen=True)
class Shard:
    """Part `index` (from 1) of `count`."""

    index: int
    count: int

    @classmethod
    def parse(cls, word: str) -> Shard:
        """``2/8`` as a shard.

        Raises:
            BadOptionError: It is something else.
        """
        found = _FORM.fullmatch(word)
        shard = cls(int(found[1]), int(found[2])) if found else cls(0, 0)
        if not 1 <= shard.index <= shard.count:
            raise BadOptionError(f"--shard {word} is not understood.", "Write --shard 2/8 for the second of eight.")
        return shard

    def holds(self, job: Job) -> bool:
        """Whether a job belongs here: by its name alone, so that no other job moves it to another shard."""
        number = int.from_bytes(hashlib.sha256(job.name.encode()).digest()[:8], "big")
        return number % self.count == self.index - 1
