"""What only the GIMP plug-in says; the words that both editors share are in `photostyle_plugin.texts`."""

from __future__ import annotations

from photostyle_plugin.language import Word


class Sentences:
    """Sentences and labels, translated when they are read; names in braces are filled in with `str.format`."""

    menu = Word("_Photorealistic Style...")
    about = Word(
        "Gives the layer, or its selected part, the look of a style picture, on a new layer above it. "
        "The style is style-layer, else style-image, else the file style."
    )
    style_file = Word("The photograph whose look is wanted")
    style_image = Word("An open image instead of a file")
    style_layer = Word("An open layer instead of a file or an image")
    layer = Word("Layer")
    layer_tip = Word("The new layer")

    one_layer = Word("Photorealistic Style works on one layer at a time.")
    one_layer_hint = Word("Select a single layer in the Layers dialog.")
    indexed = Word("An indexed image has no room for the colours of a look.")
    indexed_hint = Word("Choose Image ▸ Mode ▸ RGB first.")
    no_layer = Word("Photorealistic Style works on layers, not on masks, channels or paths.")
    no_layer_hint = Word("Click on the layer itself in the Layers dialog.")
    floating = Word("A floating selection is not a layer yet.")
    floating_hint = Word("Anchor it, or make it a layer: Layer ▸ To New Layer.")
    style_gone = Word("The style picture is not open any more.")
    style_unreadable = Word("GIMP cannot open the style picture {name}: {why}")
    style_unreadable_hint = Word("Choose another file.")
    converted = Word("The image was converted to another mode, precision or colour space in the meantime.")
