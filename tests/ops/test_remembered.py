"""What is kept: the last values, no more of them and no more bytes than there is room for."""

from __future__ import annotations

from photostyle.ops.remembered import Remembered


class Asked:
    """Asks for values by key, and keeps which had to be computed."""

    def __init__(self, kept: Remembered[bytes]) -> None:
        self.computed: list[bytes] = []
        self._kept = kept

    def __call__(self, *keys: bytes) -> list[bytes]:
        return [self._kept.get(key, lambda key=key: self._compute(key)) for key in keys]

    def _compute(self, key: bytes) -> bytes:
        self.computed.append(key)
        return key * 2


def test_what_was_not_asked_for_longest_goes_first() -> None:
    ask = Asked(Remembered(2))
    assert ask(b"a", b"b", b"a", b"c", b"a", b"b") == [b"aa", b"bb", b"aa", b"cc", b"aa", b"bb"]
    assert ask.computed == [b"a", b"b", b"c", b"b"]


def test_bytes_are_bounded() -> None:
    ask = Asked(Remembered(10, most_bytes=6, nbytes=len))
    ask(b"a", b"b", b"c", b"a", b"d")
    assert ask.computed == [b"a", b"b", b"c", b"d"]
    ask(b"a", b"c", b"b")
    assert ask.computed[4:] == [b"b"]


def test_what_is_larger_than_all_the_room_is_given_and_not_kept() -> None:
    ask = Asked(Remembered(10, most_bytes=6, nbytes=len))
    assert ask(b"much", b"much") == [b"muchmuch"] * 2
    assert ask.computed == [b"much"] * 2
