"""A button that shows which file is chosen and asks for another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from photostyle_plugin.methods import OptionChoice
from photostyle_plugin.texts import Words
from photostyle_protocol.request import Scalar

from .qt import QtWidgets


class FileButton(QtWidgets.QPushButton):
    """Shows the name of the file that an option names; leaving the dialog keeps it.

    Args:
        option: The option.
        path: The file now, empty for none.
        on_change: Called with the option and the new path.
    """

    def __init__(self, option: OptionChoice, path: Scalar, on_change: Callable[[OptionChoice, Scalar], None]) -> None:
        super().__init__()
        self._option = option
        self._on_change = on_change
        self.clicked.connect(self._ask)
        self._show(str(path))

    def _show(self, path: str) -> None:
        self._path = path
        self.setText(Path(path).name if path else Words.choose_file)

    def _ask(self, _checked: bool = False) -> None:
        filters = f"{Words.all_files} (*)"
        path, _filter = QtWidgets.QFileDialog.getOpenFileName(self, self._option.label, self._path, filters)
        if path:
            self._show(path)
            self._on_change(self._option, path)
