"""Every word that a person reads in both editors: one vocabulary, translated when it is read."""

from __future__ import annotations

from photostyle_plugin.language import Word, _, use_language

__all__ = ["Words", "_", "use_language"]


class Words:
    """The vocabulary. Names in braces are filled in with `str.format`."""

    # The command and what it makes.
    menu = Word("Photorealistic Style…")
    title = Word("Photorealistic Style")
    tooltip = Word("Give this picture the look of another photograph")
    undo = Word("Photorealistic Style")
    layer_name = Word("Style: {name}")
    mask_name = Word("Selection")

    # Labels of the controls.
    style_picture = Word("Style picture")
    apply_to = Word("Apply to")
    whole_layer = Word("Whole layer")
    selection = Word("Selection")
    limit = Word("Limit to the selection")
    limit_pixels = Word("In the pixels")
    limit_layer_mask = Word("By a layer mask")
    limit_transparency_mask = Word("By a transparency mask")
    style_from = Word("Style from")
    whole_picture = Word("Whole picture")
    its_selection = Word("Its selection")
    method = Word("Method")
    strength = Word("Strength")
    keep_luminance = Word("Keep luminance")
    match_areas = Word("Match similar areas")
    detail = Word("Detail")
    detail_auto = Word("Automatic")
    detail_grid = Word("The photograph's own")
    detail_guided = Word("Closer to the method")
    detail_none = Word("As the method makes it")
    advanced = Word("Advanced")
    preset = Word("Preset")

    # What the controls do.
    strength_tip = Word("How much of the look is taken: from 0 %, the photograph as it is, to 100 %, the whole look.")
    keep_luminance_tip = Word("Take the colours of the style and keep the photograph's own light and dark.")
    match_areas_tip = Word(
        "Sky takes its look from sky, and ground from ground. For landscapes and streets; without, the whole picture "
        "takes its look from the whole style."
    )
    no_areas_tip = Word("A saved look shows no areas, so the whole picture takes it.")
    detail_tip = Word("Where fine detail comes from. Automatic is what suits the method.")
    limit_tip = Word("A mask can be painted on later; in the pixels, the layer is finished.")

    # Buttons.
    apply = Word("Apply")
    cancel = Word("Cancel")
    close = Word("Close")
    reset = Word("Reset")
    save_preset = Word("Save Preset…")
    delete_preset = Word("Delete Preset")
    preset_name = Word("Name of the preset")
    try_again = Word("Try Again")
    help = Word("Help")

    # Choosing the style.
    choose_file = Word("Choose a file…")
    choose_style = Word("Choose a style picture.")
    recent_styles = Word("Recent styles")
    pinned_styles = Word("Pinned styles")
    open_pictures = Word("Open images and layers")
    pin = Word("Pin")
    unpin = Word("Unpin")
    forget = Word("Remove from the list")
    loading = Word("Loading…")
    pictures = Word("Pictures")
    all_files = Word("All files")

    # The preview.
    preview = Word("Preview")
    preview_busy = Word("Preview…")
    before = Word("Before")
    after = Word("After")

    # The backend's state.
    backend_starting = Word("Starting the backend…")
    backend_ready = Word("Ready")
    backend_gpu = Word("Ready, on the GPU ({name})")
    backend_gpu_unnamed = Word("Ready, on the GPU")
    backend_cpu = Word("Ready, on the CPU")
    backend_absent = Word("The backend is not installed.")
    backend_absent_hint = Word("Install Photostyle, then run: photostyle install")
    backend_stopped = Word("The backend has stopped.")
    backend_stopped_hint = Word("Try again; it is started anew.")
    backend_failed = Word("The backend cannot be reached.")
    backend_failed_hint = Word("To see what is wrong, run: photostyle doctor")

    # Progress.
    reading = Word("Reading the layer…")
    sending = Word("Sending the pictures…")
    waiting = Word("Waiting for other jobs…")
    loading_models = Word("Loading the models…")
    computing = Word("Computing the look…")
    finishing = Word("Applying the look…")
    writing = Word("Writing the layer…")
    done = Word("Done.")
    queued = Word("Waiting")
    cancelled = Word("Cancelled.")

    # What can go wrong.
    unexpected = Word("Something went wrong: {what}")
    unexpected_hint = Word("This is a fault in Photostyle; please report it.")
    layer_changed = Word("The layer was changed while it was being read.")
    layer_changed_hint = Word("Try again.")
    layer_gone = Word("The layer is not there any more.")
    image_gone = Word("The image was closed in the meantime.")
    gone_hint = Word("Nothing was changed.")
    wrong_length = Word("The editor gave {got} bytes of pixels where {wanted} were expected.")
    wrong_shape = Word("The backend gave a picture of another size.")
    selects_nothing = Word("The selection holds no pixel of this layer.")
    selects_nothing_hint = Word("Select a part of the layer, or apply the style to the whole layer.")
    style_selects_nothing = Word("The selection of the style picture is empty.")
    style_selects_nothing_hint = Word("Select a part of the style picture, or take the style from the whole picture.")
    mask_size = Word("The selection has another size than its picture.")
    no_style = Word("No style picture is chosen.")
    no_style_hint = Word("Choose a photograph whose look you want.")
    no_style_file = Word("No style file is chosen.")
    no_style_file_hint = Word("Choose it under Advanced.")
    job_cancelled = Word("The job was cancelled.")
    job_replaced = Word("A newer preview has replaced this one.")
    busy = Word("The backend is busy with too many jobs.")
    busy_hint = Word("Try again when some of them are done.")
    out_of_memory = Word("There is not enough memory for this picture.")
    out_of_memory_hint = Word("Close other programs, or scale the picture down.")
    made_smaller = Word("There was not enough memory, so the look was computed on a smaller copy.")
    made_on_cpu = Word("The GPU has not enough memory, so the look was computed on the CPU.")
    worker_died = Word("The computation broke off unexpectedly.")
    worker_died_hint = Word("Try again. If it happens again, run: photostyle doctor")
    version_mismatch = Word("The plug-in and the backend are of different versions.")
    version_mismatch_hint = Word("Update Photostyle, run photostyle install again and restart the editor.")
    pictures_lost = Word("The backend has no room to keep the pictures of this job.")
    details = Word("Details: {details}")
