"""Called in Krita's engine by the tests of the harness."""

import os

from krita import Krita


def look(path):
    document = Krita.instance().openDocument(path)
    size = [document.width(), document.height()]
    document.close()
    return {"size": size, "runtime": os.environ["PHOTOSTYLE_RUNTIME_DIR"], "home": os.environ["HOME"]}


def stumble():
    raise ValueError("a wrong turn")
