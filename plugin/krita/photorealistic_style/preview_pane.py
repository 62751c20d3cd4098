"""The preview: before on the left of a line that can be dragged, after on its right."""

from __future__ import annotations

from typing import Any

from photostyle_plugin.texts import Words

from .qt import QtCore, QtGui, QtWidgets

_MARGIN = 6
_CHECKS = 8


class PreviewPane(QtWidgets.QWidget):
    """Shows two pictures of one size as one."""

    def __init__(self, parent: Any | None = None) -> None:
        super().__init__(parent)
        self._before: Any | None = None
        self._after: Any | None = None
        self._caption = ""
        self._split = 0.5
        self.setMinimumSize(200, 150)
        policy = QtWidgets.QSizePolicy.Policy.Expanding
        self.setSizePolicy(policy, policy)
        self.setCursor(QtCore.Qt.CursorShape.SplitHCursor)
        self.setAccessibleName(Words.preview)

    def sizeHint(self) -> Any:
        """As large as a dialog can give without filling the screen."""
        return QtCore.QSize(520, 420)

    def show_before(self, image: Any | None) -> None:
        """A new photograph; what was made of the one before is gone."""
        self._before, self._after = image, None
        self.update()

    def show_after(self, image: Any | None) -> None:
        """What has become of it; ``None`` while nothing has."""
        if image is not self._after:
            self._after = image
            self.update()

    def set_caption(self, text: str) -> None:
        """Say something below the picture: that it is being made, or why it is not."""
        if text != self._caption:
            self._caption = text
            self.update()

    def mousePressEvent(self, event: Any) -> None:
        """Move the line to the pointer."""
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: Any) -> None:
        """Move the line with the pointer."""
        area = self._area()
        if not area.isEmpty():
            self._split = min(1.0, max(0.0, (event.pos().x() - area.left()) / area.width()))
            self.update()

    def paintEvent(self, event: Any) -> None:
        """Draw both sides, the line and the words."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        area = self._area()
        if not area.isEmpty():
            self._paint_pictures(painter, area)
        self._paint_caption(painter)
        painter.end()

    def _area(self) -> Any:
        """Where the picture is, a `QRect` in the middle of the widget."""
        if self._before is None:
            return QtCore.QRect()
        room = self.rect().adjusted(0, 0, 0, -self.fontMetrics().height() - _MARGIN)
        size = self._before.size().scaled(room.size(), QtCore.Qt.AspectRatioMode.KeepAspectRatio)
        area = QtCore.QRect(QtCore.QPoint(0, 0), size)
        area.moveCenter(room.center())
        return area

    def _paint_pictures(self, painter: Any, area: Any) -> None:
        _paint_checks(painter, area)
        painter.drawImage(area, self._before)
        if self._after is None:
            return
        right = QtCore.QRect(area)
        right.setLeft(area.left() + round(self._split * area.width()))
        painter.save()
        painter.setClipRect(right)
        _paint_checks(painter, area)
        painter.drawImage(area, self._after)
        painter.restore()
        self._paint_line(painter, area, right.left())

    def _paint_line(self, painter: Any, area: Any, x: int) -> None:
        painter.setPen(QtGui.QPen(QtGui.QColor(0, 0, 0, 120), 3))
        painter.drawLine(x, area.top(), x, area.bottom())
        painter.setPen(QtGui.QPen(QtGui.QColor(255, 255, 255), 1))
        painter.drawLine(x, area.top(), x, area.bottom())
        top = area.adjusted(_MARGIN, _MARGIN, -_MARGIN, 0)
        _paint_label(painter, Words.before, top, QtCore.Qt.AlignmentFlag.AlignLeft)
        _paint_label(painter, Words.after, top, QtCore.Qt.AlignmentFlag.AlignRight)

    def _paint_caption(self, painter: Any) -> None:
        painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.WindowText))
        place = QtCore.Qt.AlignmentFlag.AlignHCenter | QtCore.Qt.AlignmentFlag.AlignBottom
        text = self.fontMetrics().elidedText(self._caption, QtCore.Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QtCore.QRectF(self.rect()), text, QtGui.QTextOption(place))


def _paint_checks(painter: Any, area: Any) -> None:
    """The pattern behind transparent pixels."""
    tile = QtGui.QPixmap(2 * _CHECKS, 2 * _CHECKS)
    tile.fill(QtGui.QColor(153, 153, 153))
    filler = QtGui.QPainter(tile)
    for corner in (0, _CHECKS):
        filler.fillRect(corner, corner, _CHECKS, _CHECKS, QtGui.QColor(102, 102, 102))
    filler.end()
    painter.drawTiledPixmap(area, tile)


def _paint_label(painter: Any, text: str, area: Any, side: Any) -> None:
    """A word on a dark ground, readable on every picture."""
    metrics = painter.fontMetrics()
    box = QtCore.QRect(0, area.top(), metrics.horizontalAdvance(text) + 2 * _MARGIN, metrics.height() + 4)
    box.moveLeft(area.left() if side == QtCore.Qt.AlignmentFlag.AlignLeft else area.right() - box.width())
    painter.fillRect(box, QtGui.QColor(0, 0, 0, 130))
    painter.setPen(QtGui.QColor(255, 255, 255))
    painter.drawText(QtCore.QRectF(box), text, QtGui.QTextOption(QtCore.Qt.AlignmentFlag.AlignCenter))
