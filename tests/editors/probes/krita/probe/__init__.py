"""A plug-in for the tests of the harness: says how many layers there are."""

from PyQt5.QtWidgets import QMessageBox

from krita import Extension, Krita


class Probe(Extension):
    def setup(self):
        pass

    def createActions(self, window):
        window.createAction("probe", "Probe of the harness...", "tools/scripts").triggered.connect(self.tell)

    def tell(self):
        count = len(Krita.instance().activeDocument().topLevelNodes())
        self.box = QMessageBox(QMessageBox.Information, f"Probe sees {count}", "Layers", QMessageBox.Ok)
        self.box.show()


Krita.instance().addExtension(Probe(Krita.instance()))
