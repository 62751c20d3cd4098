"""Inside GIMP: calling the procedure, building images, looking at everything in them."""

import hashlib
from pathlib import Path

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
gi.require_version("Babl", "0.1")
from gi.repository import Babl, Gegl, Gimp, Gio

Gegl.init(None)
PLUG_IN = Path(__file__).parents[4] / "plugin" / "gimp" / "photorealistic-style"
PROCEDURE = "plug-in-photorealistic-style"
TYPES = {
    (3, False): (Gimp.ImageBaseType.RGB, Gimp.ImageType.RGB_IMAGE),
    (3, True): (Gimp.ImageBaseType.RGB, Gimp.ImageType.RGBA_IMAGE),
    (1, False): (Gimp.ImageBaseType.GRAY, Gimp.ImageType.GRAY_IMAGE),
    (1, True): (Gimp.ImageBaseType.GRAY, Gimp.ImageType.GRAYA_IMAGE),
}


def load(path):
    return Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(path)))


def call(image, drawables, mode=Gimp.RunMode.NONINTERACTIVE, **arguments):
    """Run the procedure: (status, what it says, the new layer)."""
    procedure = Gimp.get_pdb().lookup_procedure(PROCEDURE)
    config = procedure.create_config()
    config.set_property("run-mode", mode)
    config.set_property("image", image)
    config.set_core_object_array("drawables", drawables)
    for name, value in arguments.items():
        is_path = name == "style" and value is not None
        config.set_property(name.replace("_", "-"), Gio.File.new_for_path(str(value)) if is_path else value)
    values = procedure.run(config)
    status = values.index(0).value_nick
    if status == "success":
        return status, "", values.index(1)
    return status, values.index(1) if values.length() > 1 else "", None


def stylized(image, layer, **arguments):
    """The new layer; a failure raises."""
    status, text, new = call(image, [layer], **arguments)
    assert status == "success", (status, text)
    return new


def new_image(width, height, colours=3, precision=Gimp.Precision.U8_NON_LINEAR):
    return Gimp.Image.new_with_precision(width, height, TYPES[colours, False][0], precision)


def add_layer(image, width, height, colours=3, alpha=True, name="Photo", at=(0, 0), parent=None):
    kind = TYPES[colours, alpha][1]
    layer = Gimp.Layer.new(image, name, width, height, kind, 100.0, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, parent, 0)
    layer.set_offsets(*at)
    return layer


def read(drawable, encoding=None):
    """All pixels, in the drawable's own format or another."""
    area = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    return bytes(drawable.get_buffer().get(area, 1.0, encoding or own_format(drawable), Gegl.AbyssPolicy.NONE))


def write(drawable, pixels, encoding=None):
    """Set all pixels."""
    name = encoding or own_format(drawable)
    size = Babl.format_get_bytes_per_pixel(Babl.format(name)) if encoding else None
    assert size is None or len(pixels) == drawable.get_width() * drawable.get_height() * size
    buffer = drawable.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height()), name, bytes(pixels))
    buffer.flush()
    drawable.update(0, 0, drawable.get_width(), drawable.get_height())


def paint(drawable, seed=0):
    """Colourful, smooth 8-bit pixels that differ from place to place."""
    width, height = drawable.get_width(), drawable.get_height()
    values = bytearray()
    for y in range(height):
        for x in range(width):
            values += bytes(((x * 7 + seed) % 256, (y * 5 + 3 * x) % 256, (x * y + seed) % 256, 255 - (x + y) % 40))
    write(drawable, values, "R'G'B'A u8")


def own_format(drawable):
    return Babl.get_name(drawable.get_format())


def select_all_by(image, pixels):
    """Make these bytes, one for each pixel of the image, its selection."""
    Gimp.Selection.all(image)
    selection = image.get_selection()
    selection.get_buffer().set(Gegl.Rectangle.new(0, 0, image.get_width(), image.get_height()), "Y u8", bytes(pixels))
    selection.get_buffer().flush()
    selection.update(0, 0, image.get_width(), image.get_height())


def dump(image):
    """Everything of an image that a plug-in could change."""
    return {
        "size": [image.get_width(), image.get_height()],
        "precision": image.get_precision().value_nick,
        "profile": _digest(image.get_effective_color_profile().get_icc_profile()),
        "layers": [_layer(layer) for layer in image.get_layers()],
        "channels": [[channel.get_name(), _digest(read(channel))] for channel in image.get_channels()],
        "selection": None if Gimp.Selection.is_empty(image) else _digest(read(image.get_selection())),
        "parasites": image.get_parasite_list(),
        "guides": image.find_next_guide(0),
        "resolution": list(image.get_resolution())[1:],
        "colour map": image.get_palette() is not None,
    }


def _layer(layer):
    mask = layer.get_mask()
    return {
        "id": layer.get_id(),
        "name": layer.get_name(),
        "size": [layer.get_width(), layer.get_height()],
        "at": list(layer.get_offsets())[1:],
        "format": own_format(layer),
        "mode": layer.get_mode().value_nick,
        "opacity": layer.get_opacity(),
        "visible": layer.get_visible(),
        "locks": [layer.get_lock_content(), layer.get_lock_alpha(), layer.get_lock_position()],
        "mask": None if mask is None else _digest(read(mask)),
        "pixels": _digest(read(layer)),
        "filters": len(layer.get_filters()),
        "children": [_layer(child) for child in layer.get_children()] if layer.is_group() else None,
    }


def _digest(pixels):
    return hashlib.sha256(bytes(pixels)).hexdigest()[:16]
