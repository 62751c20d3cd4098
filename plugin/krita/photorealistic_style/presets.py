"""Named choices: take one, keep these under a name, remove one, and back to the defaults."""

from __future__ import annotations

from typing import Any

from photostyle_plugin.choices import Choices
from photostyle_plugin.texts import Words

from .controls import Controls
from .qt import QtWidgets
from .studio import studio


class PresetRow(QtWidgets.QWidget):
    """One row of widgets that works on some `Controls`."""

    def __init__(self, controls: Controls, parent: Any | None = None) -> None:
        super().__init__(parent)
        self._controls = controls
        self._box = QtWidgets.QComboBox()
        self._box.setAccessibleName(Words.preset)
        self._box.activated.connect(lambda _row: self._take())
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(QtWidgets.QLabel(Words.preset))
        layout.addWidget(self._box, 1)
        for text, tip, action in (
            ("+", Words.save_preset, self._save),
            ("−", Words.delete_preset, self._delete),
            (Words.reset, "", self._reset),
        ):
            button = QtWidgets.QToolButton()
            button.setText(text)
            button.setToolTip(tip or text)
            button.clicked.connect(action)
            layout.addWidget(button)
        self._fill("")

    def _fill(self, current: str) -> None:
        self._box.clear()
        self._box.addItems(studio().memory.presets())
        self._box.setCurrentIndex(self._box.findText(current))

    def _take(self) -> None:
        self._controls.show_choices(studio().memory.presets()[self._box.currentText()])

    def _save(self) -> None:
        name, is_sure = QtWidgets.QInputDialog.getText(
            self, Words.save_preset, Words.preset_name, text=self._box.currentText()
        )
        if is_sure and name.strip():
            studio().memory.save_preset(name.strip(), self._controls.choices())
            self._fill(name.strip())

    def _delete(self) -> None:
        if self._box.currentText():
            studio().memory.delete_preset(self._box.currentText())
            self._fill("")

    def _reset(self) -> None:
        self._box.setCurrentIndex(-1)
        self._controls.show_choices(Choices())
