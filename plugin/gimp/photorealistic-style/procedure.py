"""The procedure as GIMP lists it: menu, documentation, arguments."""

from __future__ import annotations

from typing import Any

from arguments import add_arguments
from gi.repository import Gimp
from sentences import Sentences

from photostyle_plugin.texts import Words


def create(plug_in: Any, name: str) -> Any:
    """The procedure, ready to be registered.

    Args:
        plug_in: The `Gimp.PlugIn` that it belongs to.
        name: Its name in the procedure database.
    """
    procedure = Gimp.ImageProcedure.new(plug_in, name, Gimp.PDBProcType.PLUGIN, _run, None)
    # Indexed images too: a sentence that says what to do is worth more than a grey entry.
    procedure.set_image_types("*")
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE | Gimp.ProcedureSensitivityMask.DRAWABLES)
    procedure.set_menu_label(Sentences.menu)
    procedure.add_menu_path("<Image>/Filters")
    procedure.set_documentation(Words.tooltip, Sentences.about, name)
    procedure.set_attribution("Photostyle", "Photostyle", "2026")
    add_arguments(procedure)
    return procedure


def _run(procedure: Any, mode: Any, image: Any, drawables: list[Any], config: Any, data: Any) -> Any:
    """Load the rest of the plug-in and run; whatever goes wrong reaches the person as a sentence.

    GIMP shows nothing at all of an exception that leaves this function.
    """
    del data
    try:
        from running import run

        return run(procedure, mode, image, drawables, config)
    except Exception as error:
        from failures import failed

        return failed(procedure, error)
