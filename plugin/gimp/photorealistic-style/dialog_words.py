"""What only GIMP's dialog says; the words that both editors share are in `photostyle_plugin.texts`."""

from __future__ import annotations

from photostyle_plugin.language import Word


class DialogWords:
    """Labels and sentences, translated when they are read; names in braces are filled in with `str.format`."""

    split_view = Word("Split view")
    split_tip = Word("Drag the line to compare before and after.")

    no_style = Word("No style picture")
    drop_here = Word("Choose one, or drop a file here.")
    layer_of = Word("Layer of {image}")
    open_image = Word("Open image, {width} × {height}")
    recent = Word("Recent")
    recent_empty = Word("Styles that you use will appear here.")
    open_images = Word("Open images")
    choose_title = Word("Choose a Style Picture")
    choose = Word("Open")

    presets = Word("Presets:")
    save_preset_tip = Word("Save the current settings as a preset")
    save_preset_title = Word("Save Settings as Preset")
    save = Word("Save")
    delete_question = Word("Delete the preset “{name}”?")
    delete = Word("Delete")

    no_selection = Word("Nothing is selected in this image, so the whole layer is used.")
    no_style_selection = Word("Only an open image with a selection can give a part of itself.")
    no_options = Word("This method has no options.")
