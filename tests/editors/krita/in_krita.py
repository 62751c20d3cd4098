"""Called in Krita's engine: makes documents, runs the plug-in on them, and writes the pixels down."""

import json
import os
import sys
import time
from pathlib import Path

from PyQt5.QtCore import QByteArray

from krita import Krita, Selection

sys.path[:0] = os.environ["PHOTOSTYLE_DEVELOPMENT_PATH"].split(os.pathsep)

from photorealistic_style.color_space import ColorSpace
from photorealistic_style.sources import in_protocol_order
from photorealistic_style.styles import ImageStyle, OpenStyle, open_with_krita, read_style
from photorealistic_style.subject import Subject

from photostyle_plugin.choices import Choices
from photostyle_plugin.session import Session
from photostyle_plugin.transfer import Transfer
from photostyle_protocol.errors import PhotostyleError

BYTES = {"U8": 1, "U16": 2, "F16": 2, "F32": 4}


def stylize(jobs, folder):
    """Run some jobs, one after the other; what each is made of is JSON, see `prepare`."""
    Krita.instance().setBatchmode(True)
    session = Session()
    session.start()
    try:
        return [one(job, Path(folder) / str(number), session) for number, job in enumerate(json.loads(jobs))]
    finally:
        session.close()


def one(job, folder, session):
    folder.mkdir(parents=True)
    document, layer = prepare(job)
    names = [node.name() for node in document.topLevelNodes()]
    try:
        return work(job, folder, session, document, layer, names)
    except PhotostyleError as error:
        left = [node.name() for node in document.topLevelNodes()]
        return {"error": error.code, "message": error.message, "hint": error.hint, "untouched": left == names}
    finally:
        for each in Krita.instance().documents():
            each.setModified(False)
            each.close()


def work(job, folder, session, document, layer, names):
    subject = Subject(document, layer)
    style, choices = style_of(job), Choices.from_json(job.get("choices", {}))
    began = time.perf_counter()
    inputs, make_target = subject.inputs(style, choices)
    transfer = Transfer(session, inputs, make_target, pause=0.0)
    longest = 0.0
    step = time.perf_counter()
    for progress in transfer.steps():
        longest = max(longest, time.perf_counter() - step)
        hook(job, document, layer, progress)
        time.sleep(0.005)
        step = time.perf_counter()
    seconds = time.perf_counter() - began
    document.waitForDone()
    space, area = inputs.content.space, inputs.content.area
    (folder / "content").write_bytes(whole(inputs.content))
    (folder / "style").write_bytes(whole(inputs.style))
    if inputs.selection is not None:
        (folder / "selection").write_bytes(whole(inputs.selection))
    siblings = layer.parentNode().childNodes()
    new = siblings[[node.uniqueId() for node in siblings].index(layer.uniqueId()) + 1]
    raw = new.pixelData(area.x(), area.y(), area.width(), area.height()).data()
    (folder / "result").write_bytes(in_protocol_order(ColorSpace.of(new), raw))
    after = layer.projectionPixelData if layer.type() != "paintlayer" else layer.pixelData
    after = after(area.x(), area.y(), area.width(), area.height()).data()
    return {
        "name": new.name(),
        "type": new.type(),
        "space": [new.colorModel(), new.colorDepth(), new.colorProfile()],
        "source_space": [space.model, space.depth, space.profile],
        "bounds": new.bounds().getRect(),
        "area": area.getRect(),
        "masks": [[mask.type(), mask.name()] for mask in new.childNodes()],
        "unmasked": masked_bytes(new, area),
        "content_kept": in_protocol_order(space, after) == (folder / "content").read_bytes(),
        "names": [node.name() for node in document.topLevelNodes()],
        "names_before": names,
        "spec": [inputs.content.spec.height, inputs.content.spec.width, inputs.content.spec.channels],
        "style_spec": [inputs.style.spec.height, inputs.style.spec.width, inputs.style.spec.channels],
        "dtypes": [inputs.content.spec.dtype, inputs.style.spec.dtype],
        "linear": inputs.linear_light,
        "seconds": {**transfer.seconds, "all": seconds, "longest_step": longest},
    }


def masked_bytes(new, area):
    """Where a mask limits the layer: its alpha as it is seen, as hexadecimal digits of one row."""
    if not new.childNodes():
        return ""
    new_row = new.projectionPixelData(area.x(), area.y() + area.height() // 2, area.width(), 1).data()
    item = BYTES[new.colorDepth()]
    return new_row[3 * item :: 4 * item].hex() if item == 1 else ""


def hook(job, document, layer, progress):
    """What the person does meanwhile, once."""
    if progress.fraction < 0.3 or "meanwhile" not in job:
        return
    what = job.pop("meanwhile")
    if what == "close":
        document.setModified(False)
        document.close()
    elif what == "remove":
        layer.remove()


def whole(source):
    return bytes(source.rows(0, source.spec.height))


def prepare(job):
    """A document as the job wants it.

    ``content``: a picture file. ``space``: convert the document to this colour space first. ``move``: [x, y]. ``grow``:
    by how many pixels the layer is larger than the canvas on each side. ``kind``: ``layer``, ``group``, ``vector``,
    ``fill``, ``filter``, ``clone``, ``mask``. ``select``: [x, y, w, h, feather]. ``scale``: multiplies float pixels.
    """
    document = Krita.instance().openDocument(job["content"])
    document.setBatchmode(True)
    if "space" in job:
        document.setColorSpace(*job["space"])
        document.waitForDone()
    layer = document.topLevelNodes()[0]
    if "scale" in job:
        scale_pixels(layer, job["scale"])
    if "own_space" in job:
        layer.setColorSpace(*job["own_space"])
    if "move" in job:
        layer.move(*job["move"])
    if "grow" in job:
        document.resizeImage(
            job["grow"], job["grow"], document.width() - 2 * job["grow"], document.height() - job["grow"]
        )
    document.waitForDone()
    if "select" in job:
        x, y, width, height, feather = job["select"]
        selection = Selection()
        selection.select(x, y, width, height, 255)
        if feather:
            selection.feather(feather)
        document.setSelection(selection)
    layer = KINDS[job.get("kind", "layer")](document, layer)
    document.refreshProjection()
    document.waitForDone()
    return document, layer


def scale_pixels(layer, factor):
    from array import array

    area = layer.bounds()
    values = array("f")
    values.frombytes(layer.pixelData(area.x(), area.y(), area.width(), area.height()).data())
    for index in range(len(values)):
        if index % 4 != 3:
            values[index] = values[index] * factor - 0.05
    layer.setPixelData(QByteArray(values.tobytes()), area.x(), area.y(), area.width(), area.height())


def as_layer(document, layer):
    return layer


def as_group(document, layer):
    group = document.createGroupLayer("Group")
    document.rootNode().addChildNode(group, None)
    group.addChildNode(layer.duplicate(), None)
    return group


def as_clone(document, layer):
    clone = document.createCloneLayer("Clone", layer)
    document.rootNode().addChildNode(clone, None)
    return clone


def as_filter(document, layer):
    node = document.createFilterLayer("Filter", Krita.instance().filter("invert"), Selection())
    document.rootNode().addChildNode(node, None)
    return node


def as_empty(document, layer):
    node = document.createNode("Empty", "paintlayer")
    document.rootNode().addChildNode(node, None)
    return node


def as_inner(document, layer):
    """A layer inside a group, with an opacity and a mask of its own."""
    group = as_group(document, layer)
    inner = group.childNodes()[0]
    inner.setOpacity(128)
    mask = document.createTransparencyMask("own")
    inner.addChildNode(mask, None)
    return inner


KINDS = {
    "layer": as_layer,
    "group": as_group,
    "clone": as_clone,
    "filter": as_filter,
    "empty": as_empty,
    "inner": as_inner,
}


def style_of(job):
    """``style``: a file. ``style_by``: ``qt`` reads it, ``krita`` reads it, or it is an ``open`` document."""
    by = job.get("style_by", "qt")
    if by == "open":
        document = Krita.instance().openDocument(job["style"])
        if "style_select" in job:
            selection = Selection()
            selection.select(*job["style_select"], 255)
            document.setSelection(selection)
        return OpenStyle(document)
    if by == "layer":
        document = Krita.instance().openDocument(job["style"])
        return OpenStyle(document, document.topLevelNodes()[0])
    name = Path(job["style"]).stem
    return (
        ImageStyle(name, job["style"], open_with_krita(job["style"]))
        if by == "krita"
        else read_style(name, job["style"])
    )
