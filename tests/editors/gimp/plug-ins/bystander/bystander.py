#!/usr/bin/env python3
"""GIMP plug-in for tests: does things in the same GIMP while another plug-in is busy.

It starts with GIMP and stays. In the folder $BYSTANDER it runs what appears as ``NAME.py``, with Gimp in scope, and
leaves ``NAME.done`` with what was printed, or with the traceback.
"""

import contextlib
import io
import os
import sys
import traceback
from pathlib import Path

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GLib

NAME = "plug-in-bystander"


class Bystander(Gimp.PlugIn):
    def do_set_i18n(self, name):
        return False

    def do_query_procedures(self):
        return [NAME]

    def do_create_procedure(self, name):
        return Gimp.Procedure.new(self, name, Gimp.PDBProcType.PERSISTENT, self.run, None)

    def run(self, procedure, config, data):
        values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, GLib.Error())
        if "BYSTANDER" in os.environ:
            procedure.persistent_ready()
            self.persistent_enable()
            GLib.timeout_add(50, look, Path(os.environ["BYSTANDER"]))
            GLib.MainLoop().run()
        return values


def look(folder):
    for script in sorted(folder.glob("*.py")):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            try:
                exec(compile(script.read_text(), str(script), "exec"), {"Gimp": Gimp})
            except Exception:
                print(traceback.format_exc())
        script.unlink()
        done = script.with_suffix(".done")
        done.with_suffix(".part").write_text(printed.getvalue())
        done.with_suffix(".part").rename(done)
    return True


Gimp.main(Bystander.__gtype__, sys.argv)
