"""Inside GIMP: how long the plug-in's parts take, and how much memory, for a large layer.

The plug-in's own modules run in this process, which does nothing else; the picture is made before the count begins.
"""

import os
import sys
import time
from pathlib import Path

from gi.repository import Gegl, Gimp, Gio
from session import PLUG_IN, PROCEDURE, add_layer, load, new_image, own_format

sys.path[:0] = [str(PLUG_IN), *os.environ["PHOTOSTYLE_DEVELOPMENT_PATH"].split(os.pathsep)]


def main(precision, megapixels, photograph, style, times):
    width = round((megapixels * 1e6 * 1.5) ** 0.5)
    image = new_image(width, round(width / 1.5), precision=getattr(Gimp.Precision, precision))
    layer = add_layer(image, width, image.get_height(), alpha=False)
    fill(layer, photograph)
    answer = {"format": own_format(layer), "size": [width, image.get_height()]}
    answer["runs"] = [one(image, layer, style) for _ in range(times)]
    image.delete()
    return answer


def one(image, layer, style):
    import running

    seen = []
    running.Transfer = lambda *inputs, made=running.Transfer: seen.append(made(*inputs)) or seen[-1]
    config = Gimp.get_pdb().lookup_procedure(PROCEDURE).create_config()
    config.set_property("style", Gio.File.new_for_path(style))
    first = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    start = time.perf_counter()
    with running.open_session() as session:
        new = running.stylize(session, layer, config)
    taken = time.perf_counter() - start
    image.remove_layer(new)
    return {"seconds": seen[-1].seconds, "whole": taken, "megabytes": memory("VmHWM") - first, "before": first}


def fill(layer, photograph):
    """A photograph, scaled up."""
    picture = load(photograph)
    picture.scale(layer.get_width(), layer.get_height())
    source = picture.get_layers()[0]
    area = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    buffer = layer.get_buffer()
    source.get_buffer().copy(area, Gegl.AbyssPolicy.NONE, buffer, area)
    buffer.flush()
    picture.delete()


def memory(what):
    """Megabytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1000 for line in lines if line.startswith(what))
