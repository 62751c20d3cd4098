"""The controls for everything that is chosen but the pictures: the same in dialog and docker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from photostyle_plugin.choices import WORDS, Choices
from photostyle_plugin.methods import METHODS, OptionChoice, method_named
from photostyle_plugin.texts import Words
from photostyle_protocol.request import Scalar

from .file_button import FileButton
from .qt import QtCore, QtWidgets

_STEPS_OF_A_NUMBER = 40


class Controls(QtWidgets.QWidget):
    """Shows `Choices` and lets the person change them.

    Attributes:
        changed: Emitted at every change, with the slider under the hand too.
    """

    changed = QtCore.pyqtSignal()

    def __init__(self, parent: Any | None = None) -> None:
        super().__init__(parent)
        self._options: dict[str, Scalar] = {}
        self._silent = False
        self._wanted = {"area": "selection", "style_area": "all"}
        areas = (("selection", Words.selection), ("layer", Words.whole_layer))
        self._area = combo(areas, lambda: self._want("area", self._area))
        self._limit = combo((("pixels", Words.limit_pixels), ("mask", Words.limit_transparency_mask)), self._change)
        style_areas = (("all", Words.whole_picture), ("selection", Words.its_selection))
        self._style_area = combo(style_areas, lambda: self._want("style_area", self._style_area))
        self._method = combo(((method.name, method.label) for method in METHODS), self._change_method)
        self._strength, self._percent = self._strength_widgets()
        self._keep = QtWidgets.QCheckBox(Words.keep_luminance)
        self._keep.toggled.connect(self._change)
        self._match = QtWidgets.QCheckBox(Words.match_areas)
        self._match.toggled.connect(self._change)
        details = ((word, getattr(Words, f"detail_{word}")) for word in WORDS["detail"])
        self._detail = combo(details, self._change)
        self._advanced = _Fold(Words.advanced)
        self._lay_out()
        self._say_what_they_do()
        self._show_options()

    def choices(self) -> Choices:
        """What the person chose."""
        return Choices(
            method=self._method.currentData(),
            strength=self._strength.value() / 100,
            keep_luminance=self._keep.isChecked(),
            match_areas=self._match.isChecked(),
            detail=self._detail.currentData(),
            area=self._wanted["area"],
            limit=self._limit.currentData(),
            style_area=self._wanted["style_area"],
            options=dict(self._options),
        )

    def show_choices(self, choices: Choices) -> None:
        """Put all controls to these choices; emits `changed` once."""
        self._silent = True
        self._options = dict(choices.options)
        self._wanted = {"area": choices.area, "style_area": choices.style_area}
        for widget, value in (
            (self._method, choices.method),
            (self._detail, choices.detail),
            (self._limit, choices.limit),
        ):
            widget.setCurrentIndex(widget.findData(value))
        self._strength.setValue(round(100 * choices.strength))
        self._keep.setChecked(choices.keep_luminance)
        self._match.setChecked(choices.match_areas)
        self._show_options()
        self._silent = False
        self.changed.emit()

    def allow_areas(self, are_there: bool) -> None:
        """Whether the style shows any areas."""
        self._match.setEnabled(are_there)
        self._match.setToolTip(Words.match_areas_tip if are_there else Words.no_areas_tip)

    def allow_selection(self, content: bool, style: bool) -> None:
        """Whether there is a selection in the image, and in the style; without one, all is what is shown."""
        self._offer(self._area, content, self._wanted["area"] if content else "layer")
        self._offer(self._limit, content and self._wanted["area"] == "selection", self._limit.currentData())
        self._offer(self._style_area, style, self._wanted["style_area"] if style else "all")

    def _offer(self, box: Any, is_enabled: bool, value: str) -> None:
        box.setEnabled(is_enabled)
        box.blockSignals(True)
        box.setCurrentIndex(box.findData(value))
        box.blockSignals(False)

    def _strength_widgets(self) -> tuple[Any, Any]:
        slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal)
        spin = QtWidgets.QSpinBox()
        for widget in (slider, spin):
            widget.setRange(0, 100)
            widget.setValue(100)
        spin.setSuffix(" %")
        slider.valueChanged.connect(spin.setValue)
        spin.valueChanged.connect(slider.setValue)
        slider.valueChanged.connect(self._change)
        return slider, spin

    def _lay_out(self) -> None:
        form = QtWidgets.QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        strength = QtWidgets.QHBoxLayout()
        strength.addWidget(self._strength, 1)
        strength.addWidget(self._percent)
        form.addRow(Words.apply_to, self._area)
        form.addRow(Words.limit, self._limit)
        form.addRow(Words.style_from, self._style_area)
        form.addRow(Words.method, self._method)
        form.addRow(Words.strength, strength)
        form.addRow("", self._keep)
        form.addRow("", self._match)
        form.addRow(Words.detail, self._detail)
        form.addRow(self._advanced)

    def _say_what_they_do(self) -> None:
        for widget, tip in (
            (self._strength, Words.strength_tip),
            (self._percent, Words.strength_tip),
            (self._keep, Words.keep_luminance_tip),
            (self._match, Words.match_areas_tip),
            (self._detail, Words.detail_tip),
            (self._limit, Words.limit_tip),
        ):
            widget.setToolTip(tip)

    def _change(self) -> None:
        if not self._silent:
            self.changed.emit()

    def _want(self, name: str, box: Any) -> None:
        self._wanted[name] = box.currentData()
        self._change()

    def _change_method(self) -> None:
        if not self._silent:
            self._show_options()
            if method_named(self._method.currentData()).style_file is not None:
                self._advanced.unfold()
            self.changed.emit()

    def _show_options(self) -> None:
        """The options of the chosen method, in the fold."""
        method = method_named(self._method.currentData())
        self._method.setToolTip(method.blurb)
        rows = []
        for option in method.options:
            chosen = self._options.get(option.name)
            value = chosen if chosen is not None and option.allows(chosen) else option.default
            widget = option_widget(option, value, self._set_option)
            widget.setToolTip(option.help)
            rows.append((option.label, widget))
        self._advanced.fill(rows)

    def _set_option(self, option: OptionChoice, value: Scalar) -> None:
        self._options[option.name] = value
        self._change()


class _Fold(QtWidgets.QWidget):
    """Controls behind an arrow."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._button = QtWidgets.QToolButton()
        self._button.setText(title)
        self._button.setCheckable(True)
        self._button.setAutoRaise(True)
        self._button.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.toggled.connect(self._turn)
        self._content: Any | None = None
        self._layout = QtWidgets.QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self._button)
        self._turn(False)

    def fill(self, rows: Iterable[tuple[str, Any]]) -> None:
        """Put rows in instead of those before; without any, there is nothing to unfold."""
        if self._content is not None:
            self._content.deleteLater()
        self._content = QtWidgets.QWidget()
        form = QtWidgets.QFormLayout(self._content)
        form.setContentsMargins(12, 0, 0, 0)
        for label, widget in rows:
            form.addRow(label, widget)
        self._layout.addWidget(self._content)
        self.setVisible(form.rowCount() > 0)
        self._turn(self._button.isChecked())

    def unfold(self) -> None:
        """Show what is in it."""
        self._button.setChecked(True)

    def _turn(self, is_open: bool) -> None:
        arrows = QtCore.Qt.ArrowType
        self._button.setArrowType(arrows.DownArrow if is_open else arrows.RightArrow)
        if self._content is not None:
            self._content.setVisible(is_open)


def combo(entries: Iterable[tuple[str, str]], on_change: Callable[[], None]) -> Any:
    """A combo box of (value, label)."""
    box = QtWidgets.QComboBox()
    for value, label in entries:
        box.addItem(label, value)
    box.currentIndexChanged.connect(lambda _index: on_change())
    # A long label must not make a narrow docker wide.
    box.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    return box


def option_widget(option: OptionChoice, value: Scalar, on_change: Callable[[OptionChoice, Scalar], None]) -> Any:
    """What suits an option: a box of words, of whole numbers or of numbers, or a button for a file."""
    if option.choices:
        return _word_box(option, value, on_change)
    return FileButton(option, value, on_change) if option.is_file else _number_box(option, value, on_change)


def _word_box(option: OptionChoice, value: Scalar, on_change: Callable[[OptionChoice, Scalar], None]) -> Any:
    box = combo(
        ((choice, option.choice_label(choice)) for choice in option.choices),
        lambda: on_change(option, box.currentData()),
    )
    box.blockSignals(True)
    box.setCurrentIndex(box.findData(value))
    box.blockSignals(False)
    return box


def _number_box(option: OptionChoice, value: Scalar, on_change: Callable[[OptionChoice, Scalar], None]) -> Any:
    spin = QtWidgets.QSpinBox() if isinstance(option.default, int) else QtWidgets.QDoubleSpinBox()
    low, high = option.minimum or 0, option.maximum or 0
    if isinstance(option.default, int):
        spin.setRange(int(low), int(high))
    else:
        spin.setRange(low, high)
        spin.setSingleStep((high - low) / _STEPS_OF_A_NUMBER)
    spin.setValue(value)
    spin.valueChanged.connect(lambda number: on_change(option, number))
    return spin
