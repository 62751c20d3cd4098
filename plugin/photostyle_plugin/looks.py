"""Looks in the editors: files that go wherever a style picture goes."""

from __future__ import annotations

from photostyle_plugin.picture import MemorySource
from photostyle_protocol.images import ImageSpec
from photostyle_protocol.look_file import LookFile


class LookSource(MemorySource):
    """A look as it is sent: its bytes as a picture of one row.

    Args:
        look: The look.
    """

    def __init__(self, look: LookFile) -> None:
        super().__init__(ImageSpec(1, len(look.data), 1, "uint8"), look.data)
