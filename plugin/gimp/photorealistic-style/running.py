"""One run of the procedure: from GIMP's arguments to the new layer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import Any

from arguments import choices_of
from failures import cancelled
from formats import carrying_mask, carrying_style
from gi.repository import Gimp, GLib
from leftovers import sweep
from sentences import Sentences
from snapshot import Snapshot
from sources import DrawableSource, whole
from styles import Style, open_style
from target import LayerTarget

from photostyle_plugin.choices import Choices
from photostyle_plugin.looks import LookSource
from photostyle_plugin.session import Session
from photostyle_plugin.texts import Words
from photostyle_plugin.transfer import Inputs, Transfer
from photostyle_protocol.errors import BadInputError, BadMaskError
from photostyle_protocol.images import ImageSpec


def run(procedure: Any, mode: Any, image: Any, drawables: list[Any], config: Any) -> Any:
    """Run the procedure.

    Args:
        procedure: What was called.
        mode: Interactive shows the dialog first.
        image: The image.
        drawables: What is selected in it.
        config: The arguments.

    Returns:
        GIMP's return values: the status and the new layer.

    Raises:
        PhotostyleError: Why there is no new layer.
    """
    sweep()
    layer = only_layer(image, drawables)
    with open_session() as session:
        if mode == Gimp.RunMode.INTERACTIVE:
            from dialog import ask

            if not ask(procedure, config, image, layer, session):
                return cancelled(procedure)
        new = stylize(session, layer, config)
    values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, GLib.Error())
    values.remove(1)
    values.insert(1, new)
    return values


def only_layer(image: Any, drawables: list[Any]) -> Any:
    """The one layer that can take a look.

    Raises:
        BadInputError: There are several, or it is none.
    """
    if len(drawables) != 1:
        raise BadInputError(Sentences.one_layer, Sentences.one_layer_hint)
    layer = drawables[0]
    if layer.is_indexed():
        raise BadInputError(Sentences.indexed, Sentences.indexed_hint)
    if not layer.is_layer():
        raise BadInputError(Sentences.no_layer, Sentences.no_layer_hint)
    if layer.is_floating_sel():
        raise BadInputError(Sentences.floating, Sentences.floating_hint)
    return layer


def stylize(session: Session, layer: Any, config: Any) -> Any:
    """Make the new layer and put it above this one.

    Raises:
        PhotostyleError: Why there is none; the image is as it was.
    """
    choices = choices_of(config)
    with Snapshot(layer, choices.area == "selection") as snapshot, _style_of(choices, config) as style:
        name, targets = Words.layer_name.format(name=choices.look_name(style.name if style else "")), []

        def make_target(_: ImageSpec) -> LayerTarget:
            targets.append(LayerTarget(snapshot, name, choices.limit == "mask"))
            return targets[-1]

        transfer = Transfer(session, _inputs(snapshot, style, choices), make_target)
        _drive(transfer)
        for remark in transfer.remarks:
            Gimp.message(remark)
        return targets[-1].layer


def _drive(transfer: Transfer) -> None:
    """Take the transfer's steps; GIMP's own Cancel kills this process, and the daemon then ends the job."""
    Gimp.progress_init(Words.title)
    shown = None
    for progress in transfer.steps():
        if progress != shown:
            Gimp.progress_set_text(progress.text)
            Gimp.progress_update(progress.fraction)
            shown = progress
    Gimp.progress_end()


def _style_of(choices: Choices, config: Any) -> AbstractContextManager[Style | None]:
    """The style picture, where one plays a part."""
    return open_style(config) if choices.needs_picture else nullcontext()


def _inputs(snapshot: Snapshot, style: Style | None, choices: Choices) -> Inputs:
    content = whole(snapshot.copy)
    inputs = Inputs(
        content=content,
        selection=_mask_source(snapshot.selection),
        choices=choices,
        linear_light=content.format.is_linear,
    )
    return inputs if style is None else _with_style(inputs, style, snapshot)


def _with_style(inputs: Inputs, style: Style, snapshot: Snapshot) -> Inputs:
    if style.look is not None:
        return replace(inputs, style=LookSource(style.look), style_is_look=True)
    is_limited = inputs.choices.style_area == "selection"
    if is_limited and style.selection is None:
        raise BadMaskError(Words.style_selects_nothing, Words.style_selects_nothing_hint)
    source = DrawableSource(style.drawable, carrying_style(style.drawable, snapshot.copy))
    return replace(inputs, style=source, style_mask=_mask_source(style.selection) if is_limited else None)


def _mask_source(mask: Any | None) -> DrawableSource | None:
    return None if mask is None else DrawableSource(mask, carrying_mask(mask))


@contextmanager
def open_session() -> Iterator[Session]:
    """The conversation with the backend; it begins while the person still chooses."""
    session = Session()
    session.start()
    try:
        yield session
    finally:
        session.close()
