"""Inside GIMP: layers of all kinds and places, and what an image is before and after."""

from gi.repository import Babl, Gegl, Gimp, Gio
from session import add_layer, call, dump, new_image, paint, read, select_all_by, write


def main(style, wide):
    cases = {
        "larger than the canvas": lambda: plain(90, 70, (-20, -15)),
        "smaller, outside on the right": lambda: plain(20, 15, (55, 35)),
        "wholly outside": lambda: plain(20, 15, (200, 100)),
        "one pixel": lambda: plain(1, 1, (5, 5)),
        "one row": lambda: plain(40, 1, (0, 0)),
        "one column": lambda: plain(1, 30, (0, 0)),
        "in groups, not on top": in_groups,
        "a group": a_group,
        "hidden, faint, locked, multiplied": odd,
        "with a mask of its own": masked,
        "with an effect": with_effect,
        "in a wide space": lambda: in_wide_space(wide),
        "beside other things": among_others,
    }
    return {name: one(make, style) for name, make in cases.items()} | {
        "selections": [selected(style, *case) for case in SELECTIONS]
    }


def one(make, style):
    image, layer = make()
    before, pixels = dump(image), read(layer)
    image.clean_all()
    status, said, new = call(image, [layer], style=style, method="monge-kantorovich")
    answer = {"status": status, "text": said, "before": before, "after": dump(image)}
    if new is not None:
        answer |= {
            "source": layer.get_id(),
            "new": new.get_id(),
            "dirty": image.is_dirty(),
            "differs": read(new) != pixels,
            "plain": type(new) is Gimp.Layer,
            "least": least(new),
            "chosen": [other.get_id() for other in image.get_selected_layers()],
        }
    image.delete()
    return answer


def least(layer):
    """The smallest colour value, in the layer's own space."""
    name = Babl.get_name(Babl.format_with_space("RGB float", layer.get_format()))
    return min(memoryview(read(layer, name)).cast("f"))


def plain(width, height, at):
    image = new_image(60, 40)
    layer = add_layer(image, width, height, at=at)
    paint(layer)
    return image, layer


def in_groups():
    image = new_image(60, 40)
    outer = Gimp.GroupLayer.new(image, "Outer")
    image.insert_layer(outer, None, 0)
    inner = Gimp.GroupLayer.new(image, "Inner")
    image.insert_layer(inner, outer, 0)
    layer = add_layer(image, 30, 20, at=(3, 4), parent=inner)
    paint(layer)
    paint(add_layer(image, 30, 20, name="Above", parent=inner), 9)
    return image, layer


def a_group():
    image, layer = in_groups()
    return image, layer.get_parent()


def odd():
    image, layer = plain(60, 40, (0, 0))
    layer.set_visible(False)
    layer.set_opacity(40.0)
    layer.set_mode(Gimp.LayerMode.MULTIPLY)
    layer.set_lock_alpha(True)
    layer.set_lock_content(True)
    layer.set_lock_position(True)
    return image, layer


def masked():
    image, layer = plain(60, 40, (0, 0))
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(mask)
    buffer = mask.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, 60, 20), "Y u8", bytes([90]) * 1200)
    buffer.flush()
    mask.update(0, 0, 60, 40)
    return image, layer


def with_effect():
    image, layer = plain(60, 40, (0, 0))
    layer.append_filter(Gimp.DrawableFilter.new(layer, "gegl:gaussian-blur", "Blur"))
    return image, layer


def in_wide_space(profile):
    image = new_image(60, 40, precision=Gimp.Precision.FLOAT_LINEAR)
    layer = add_layer(image, 60, 40)
    paint(layer)
    image.set_color_profile(Gimp.ColorProfile.new_from_file(Gio.File.new_for_path(profile)))
    values = memoryview(bytearray(read(layer))).cast("f")
    for i in range(0, len(values), 4):
        values[i] = values[i] * 2.5 - 0.2
    write(layer, values.tobytes())
    return image, layer


def among_others():
    image, layer = plain(60, 40, (0, 0))
    paint(add_layer(image, 60, 40, name="Above"), 5)
    image.insert_channel(Gimp.Channel.new(image, "Kept", 60, 40, 50.0, Gegl.Color.new("red")), None, 0)
    image.add_hguide(7)
    image.attach_parasite(Gimp.Parasite.new("note", 1, b"kept"))
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 5, 5, 30, 20)
    return image, layer


SELECTIONS = [("empty", "pixels"), ("outside", "pixels"), ("part", "pixels"), ("part", "mask"), ("masked", "mask")]


def selected(style, where, limit):
    """A layer that is half outside the canvas, under a selection."""
    image, layer = plain(60, 40, (-30, 10)) if where != "masked" else masked()
    if where == "outside":
        image.select_rectangle(Gimp.ChannelOps.REPLACE, 40, 0, 10, 5)
    if where in {"part", "masked"}:
        select_all_by(image, bytes(255 if x < 10 else 100 if x < 20 else 0 for _ in range(40) for x in range(60)))
    status, said, new = call(image, [layer], style=style, limit=limit, method="monge-kantorovich")
    answer = {"status": status, "text": said, "layers": len(image.get_layers())}
    if new is not None:
        changed = zip(*(memoryview(read(each)).cast("I") for each in (layer, new)), strict=True)
        answer["changed"] = [a != b for a, b in changed]
        answer["mask"] = list(read(new.get_mask(), "Y u8")) if new.get_mask() else None
    image.delete()
    return answer
