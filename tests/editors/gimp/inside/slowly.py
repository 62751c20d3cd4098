"""Inside GIMP: one call that the test disturbs while it runs; what is left afterwards."""

import time
from pathlib import Path

from gi.repository import Gimp
from session import add_layer, call, dump, new_image, paint


def main(style, ids=None, twice=False, until=None):
    image = new_image(60, 40)
    layer = add_layer(image, 60, 40)
    paint(layer)
    before = dump(image)
    image.clean_all()
    if ids:
        Path(ids).write_text(f"{image.get_id()} {layer.get_id()}")
    status, text, _ = call(image, [layer], style=style)
    while until and not Path(until).exists():  # GIMP ends with this program
        time.sleep(0.05)
    answer = {"status": status, "text": text, "alive": image.is_valid()}
    if twice:
        answer |= swept(image, layer, style)
    elif image.is_valid():
        answer |= {"same": dump(image) == before, "dirty": image.is_dirty(), "layers": len(image.get_layers())}
        answer["at"] = [list(layer.get_offsets())[1:] for layer in image.get_layers()]
        answer["again"] = usable(image)
        image.delete()
    return answer


def usable(image):
    """Whether the image takes undo steps and layers as if nothing had happened."""
    opened = image.undo_group_start() and image.undo_group_end()
    add_layer(image, 5, 5)
    return opened


def swept(image, layer, style):
    """What a killed run left in GIMP, and whether the next one has deleted it."""
    (note,) = notes()
    left = [int(number) for number in bytes(Gimp.get_parasite(note).get_data()).split()]
    were_there = all(there(number) for number in left)
    status, _, _ = call(image, [layer], style=style)
    gone = not any(there(number) for number in left)
    image.delete()
    return {"left": len(left), "were there": were_there, "then": status, "gone": gone, "notes": len(notes())}


def there(number):
    return (Gimp.Image if number < 0 else Gimp.Item).id_is_valid(abs(number))


def notes():
    return [name for name in Gimp.get_parasite_list() if name.startswith("photostyle")]
