"""Inside GIMP: a result at each precision, with what it was made of."""

import base64
import random
import struct

from gi.repository import Babl, Gimp
from session import add_layer, new_image, own_format, read, select_all_by, stylized, write

WIDTH, HEIGHT = 31, 22
CODES = {"u8": "B", "u16": "H", "u32": "I", "half": "e", "float": "f", "double": "d"}
HIGHEST = {"u8": 255, "u16": 65535, "u32": 2**32 - 1}


def main(cases, style):
    return [one(precision, colours, alpha, style) for precision, colours, alpha in cases]


def one(precision, colours, alpha, style):
    image = new_image(WIDTH, HEIGHT, colours, getattr(Gimp.Precision, precision))
    layer = add_layer(image, WIDTH, HEIGHT, colours, alpha)
    write(layer, random_pixels(layer))
    select_all_by(image, bytes(selected(x, y) for y in range(HEIGHT) for x in range(WIDTH)))
    new = stylized(image, layer, style=style, method="monge-kantorovich")
    answer = {
        "format": own_format(layer),
        "same format": own_format(new) == own_format(layer),
        "before": text(read(layer)),
        "after": text(read(new)),
        "selection format": own_format(image.get_selection()),
        "selection": text(read(image.get_selection())),
    }
    image.delete()
    return answer


def selected(x, y):
    """Nothing on the left, soft in the middle, all on the right."""
    return min(255, max(0, (x - 8) * 16))


def random_pixels(layer):
    """All bits are in use; floats go beyond 0 to 1, alpha does not."""
    draw = random.Random(1)
    kind = Babl.format_get_encoding(layer.get_format()).rpartition(" ")[2]
    channels = Babl.format_get_n_components(layer.get_format())
    values = []
    for i in range(WIDTH * HEIGHT * channels):
        is_alpha = channels % 2 == 0 and i % channels == channels - 1
        if kind in HIGHEST:
            values.append(draw.randrange(HIGHEST[kind] + 1))
        else:
            values.append(draw.random() if is_alpha else draw.uniform(-0.2, 1.6))
    return struct.pack(f"<{len(values)}{CODES[kind]}", *values)


def text(pixels):
    return base64.b64encode(pixels).decode()
