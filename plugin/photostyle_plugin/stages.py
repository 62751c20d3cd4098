"""What the daemon does, and what it says of a result, in the person's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photostyle_plugin.texts import Words

if TYPE_CHECKING:
    from photostyle_protocol.outcome import Notice

_WAITING = ("", "waiting", "starting")
_LOADING = ("loading", "starting again")
_FINISHING = ("fitting the finish", "applying the finish")


def stage_text(stage: str) -> str:
    """A sentence for a stage that the daemon names; methods are free to name their own."""
    if stage in _LOADING:
        return Words.loading_models
    if stage in _WAITING:
        return Words.waiting
    return Words.finishing if stage in _FINISHING else Words.computing


def notice_text(notice: Notice) -> str:
    """A sentence for something that a person should know about a result."""
    if notice.code == "smaller":
        return Words.made_smaller
    return Words.made_on_cpu if notice.code == "cpu" else notice.message
