"""Inside GIMP: calls that fail, one after the other, and what they leave."""

import json
from pathlib import Path

from session import add_layer, call, dump, new_image, paint


def main(style, play, parts):
    return {part: one(style, Path(play), part) for part in parts}


def one(style, play, part):
    play.write_text(json.dumps({"part": part}))
    image = new_image(60, 40)
    layer = add_layer(image, 60, 40)
    paint(layer)
    before = dump(image)
    image.clean_all()
    status, text, _ = call(image, [layer], style=style)
    answer = {"status": status, "text": text, "untouched": dump(image) == before and not image.is_dirty()}
    image.delete()
    return answer
