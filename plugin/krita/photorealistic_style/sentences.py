"""What only Krita's adapter has to say; the words that both editors share are the room's."""

from __future__ import annotations

from photostyle_plugin.language import Word


class Sentences:
    """Names in braces are filled in with `str.format`."""

    paste = Word("Paste")
    pasted = Word("Pasted picture")
    drop_hint = Word("or drop a picture here")

    no_layer = Word("No image with a layer is open.")
    no_layer_hint = Word("Open a photograph, then try again.")
    empty_layer = Word("The layer “{name}” is empty.")
    empty_layer_hint = Word("Choose a layer with pixels.")
    color_model = Word("Layers in the colour model {model} cannot be stylized, only RGB and grey ones.")
    color_model_hint = Word("Convert a copy of the image to RGB first.")
    unreadable = Word("{name} cannot be read as a picture.")
    unreadable_hint = Word("Save it as PNG or JPEG and choose that.")
