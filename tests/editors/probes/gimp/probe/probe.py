#!/usr/bin/env python3
"""A plug-in for the tests of the harness: asks, adds a layer, and tells what it sees of its surroundings."""

import json
import os
import subprocess
import sys
from pathlib import Path

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import Gimp, GimpUi, GLib


def run(procedure, run_mode, image, drawables, config, data):
    if run_mode == Gimp.RunMode.INTERACTIVE:
        GimpUi.init("probe")
        dialog = GimpUi.ProcedureDialog.new(procedure, config, "Probe")
        dialog.fill(None)
        if not dialog.run():
            return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, GLib.Error())
        dialog.destroy()
        subprocess.Popen(["sleep", "1000"], start_new_session=True)
    layer = Gimp.Layer.new(image, "Probed", 8, 8, Gimp.ImageType.RGBA_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    Gimp.displays_flush()
    if "REPORT" in os.environ:
        names = ("PHOTOSTYLE_CONFIG_DIR", "PHOTOSTYLE_RUNTIME_DIR", "PHOTOSTYLE_DEVELOPMENT_PATH")
        Path(os.environ["REPORT"]).write_text(json.dumps({name: os.environ.get(name) for name in names}))
    return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, GLib.Error())


class Probe(Gimp.PlugIn):
    def do_set_i18n(self, name):
        return False

    def do_query_procedures(self):
        return ["plug-in-probe"]

    def do_create_procedure(self, name):
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run, None)
        procedure.set_image_types("*")
        procedure.set_menu_label("Probe of the harness...")
        procedure.add_menu_path("<Image>/Filters")
        return procedure


Gimp.main(Probe.__gtype__, sys.argv)
