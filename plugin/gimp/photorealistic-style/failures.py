"""Errors as GIMP takes them."""

from __future__ import annotations

import traceback
from typing import Any

from gi.repository import Gimp, GLib

from photostyle_plugin.errors import say
from photostyle_protocol.errors import BadInputError, JobCancelledError, PhotostyleError


def cancelled(procedure: Any) -> Any:
    """The return values of a run that the person ended; GIMP says nothing about it."""
    return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, GLib.Error())


def failed(procedure: Any, error: Exception) -> Any:
    """The return values of a run that failed; GIMP shows the sentence in a box or in its status bar."""
    if isinstance(error, JobCancelledError):
        return cancelled(procedure)
    if not isinstance(error, PhotostyleError):
        traceback.print_exception(error)
    status = Gimp.PDBStatusType.EXECUTION_ERROR
    if isinstance(error, BadInputError):
        status = Gimp.PDBStatusType.CALLING_ERROR
    text = "\n".join(part for part in say(error) if part)
    return procedure.new_return_values(status, GLib.Error.new_literal(Gimp.PlugIn.error_quark(), text, 0))
