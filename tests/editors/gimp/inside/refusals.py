"""Inside GIMP: what the procedure refuses, and in which words."""

import os
import sys
from pathlib import Path

from gi.repository import Gegl, Gimp
from session import PLUG_IN, add_layer, call, dump, load, new_image, paint


def main(style, folder):
    folder = Path(folder)
    (folder / "text.png").write_text("no picture at all")
    picture = load(style)
    Gimp.Selection.none(picture)
    cases = {
        "no style": ({}, lambda image, layer: [layer]),
        "a style that is missing": ({"style": folder / "missing.png"}, lambda image, layer: [layer]),
        "a style that is no picture": ({"style": folder / "text.png"}, lambda image, layer: [layer]),
        "two layers": ({"style": style}, lambda image, layer: [layer, add_layer(image, 5, 5)]),
        "no layer": ({"style": style}, lambda image, layer: []),
        "a channel": ({"style": style}, lambda image, layer: [channel(image)]),
        "a mask": ({"style": style}, lambda image, layer: [mask(layer)]),
        "a floating selection": ({"style": style}, floating),
        "an indexed image": ({"style": style}, indexed),
        "nothing selected in the style": (
            {"style_image": picture, "style_area": "selection"},
            lambda image, layer: [layer],
        ),
    }
    return {name: one(*case) for name, case in cases.items()} | {"a layer that is gone": deleted()}


def one(arguments, prepared):
    image = new_image(60, 40)
    layer = add_layer(image, 60, 40)
    paint(layer)
    drawables = prepared(image, layer)
    before = dump(image)
    image.clean_all()
    status, text, _ = call(image, drawables, **arguments)
    answer = {"status": status, "text": text, "untouched": dump(image) == before and not image.is_dirty()}
    image.delete()
    return answer


def channel(image):
    made = Gimp.Channel.new(image, "Channel", 60, 40, 50.0, Gegl.Color.new("red"))
    image.insert_channel(made, None, 0)
    return made


def mask(layer):
    made = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(made)
    return made


def floating(image, layer):
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 5, 5, 20, 20)
    return [Gimp.Selection.float(image, [layer], 0, 0)]


def indexed(image, layer):
    image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 8, False, False, "")
    return [layer]


def deleted():
    """What the plug-in's own module says of a layer that was deleted while the dialog was open."""
    sys.path[:0] = [str(PLUG_IN), *os.environ["PHOTOSTYLE_DEVELOPMENT_PATH"].split(os.pathsep)]
    from snapshot import Snapshot

    image = new_image(60, 40)
    layer = add_layer(image, 60, 40)
    image.remove_layer(layer)
    try:
        with Snapshot(layer, with_selection=True):
            text = "nothing"
    except Exception as error:
        text = str(error)
    image.delete()
    return {"status": "calling-error", "text": text, "untouched": True}
