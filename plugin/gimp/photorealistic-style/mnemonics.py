"""Keys for the words of a dialog: in any language, and never two the same."""

from __future__ import annotations

from collections.abc import Iterable

OF_THE_DIALOG = "rcohsl"
"""Reset, Cancel, OK, Help, Save Settings and Load Saved Settings are GIMP's own."""


class Mnemonics:
    """Gives out underlined letters, each once.

    Args:
        taken: Letters that are in use already.
    """

    def __init__(self, taken: str = OF_THE_DIALOG) -> None:
        self._taken = set(taken)

    @classmethod
    def beside(cls, labels: Iterable[str]) -> Mnemonics:
        """Letters that none of these labels, and not the dialog itself, has taken."""
        marked = (label.replace("__", "").partition("_")[2][:1].lower() for label in labels)
        return cls(OF_THE_DIALOG + "".join(marked))

    def mark(self, text: str) -> str:
        """The text with an underscore before a letter that is still free, the start of a word before others."""
        safe = text.replace("_", "__")
        starts = [place for place, letter in enumerate(safe) if place == 0 or safe[place - 1] == " "]
        for place in (*starts, *range(len(safe))):
            letter = safe[place].lower()
            if letter.isascii() and letter.isalpha() and letter not in self._taken:
                self._taken.add(letter)
                return f"{safe[:place]}_{safe[place:]}"
        return safe
