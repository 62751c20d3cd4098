"""Inside GIMP: the style from a file, from a look, from an open image, from a layer, or from what is selected of it."""

from gi.repository import Gimp, Gio
from session import add_layer, dump, load, new_image, paint, read, stylized


def main(style, look):
    image = new_image(60, 40)
    layer = add_layer(image, 60, 40)
    paint(layer)
    picture = load(style)
    picture.set_file(Gio.File.new_for_path("/nowhere/evening.xcf"))
    whole = picture.get_layers()[0]
    left = {"style_image": picture, "style_area": "selection"}
    answer = {"file": seen(image, layer, style=style), "image": seen(image, layer, style_image=picture)}
    answer["look"] = seen(image, layer, style=look)
    answer["layer"] = seen(image, layer, style_layer=whole)
    picture.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, picture.get_width() // 2, picture.get_height())
    before = dump(picture)
    answer["selected"] = seen(image, layer, **left)
    answer["all, though something is selected"] = seen(image, layer, style_image=picture)
    answer["untouched"] = dump(picture) == before
    # Two layers, the upper one small and half transparent: as it is seen, not as its first layer is.
    paint(add_layer(picture, 20, 20, at=(3, 3)), 9)
    answer["as it is seen"] = seen(image, layer, style_image=picture)
    answer["left over"] = len(Gimp.get_images()) - 2
    picture.delete()
    image.delete()
    return answer


def seen(image, layer, **arguments):
    """Name and pixels of a result, which is taken away again."""
    new = stylized(image, layer, method="monge-kantorovich", **arguments)
    name, pixels = new.get_name(), read(new).hex()
    image.remove_layer(new)
    return [name, pixels]
