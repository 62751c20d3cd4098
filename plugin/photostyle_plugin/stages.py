"""What the daemon does, in the person's words."""

from __future__ import annotations

from photostyle_plugin.texts import Words

_WAITING = ("", "waiting", "starting")
_LOADING = ("loading", "starting again")
_FINISHING = ("fitting the finish", "applying the finish", "storing")


def stage_text(stage: str) -> str:
    """A sentence for a stage that the daemon names; methods are free to name their own."""
    if stage in _LOADING:
        return Words.loading_models
    if stage in _WAITING:
        return Words.waiting
    return Words.finishing if stage in _FINISHING else Words.computing
