"""The styles to choose from: pinned and recent files, and what was pasted or is open."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from photostyle_plugin.texts import Words

from . import images
from .qt import QtCore, QtGui, QtWidgets
from .sentences import Sentences
from .studio import studio
from .styles import ImageStyle, Style, open_styles

SIDE = 72
_POLL_MS = 60
_STYLE = QtCore.Qt.ItemDataRole.UserRole


class Gallery(QtWidgets.QWidget):
    """Thumbnails of styles, and the ways to bring in another one: a button, a drop, the clipboard, what is open.

    Attributes:
        chosen: Emitted with the `Style` that the person has chosen.
    """

    chosen = QtCore.pyqtSignal(object)

    def __init__(self, content: Callable[[], Any | None], parent: Any | None = None) -> None:
        """Show what is remembered.

        Args:
            content: Gives the layer that is no style now, because it gets one.
            parent: The widget around it.
        """
        super().__init__(parent)
        self._content = content
        self._extra: list[Style] = []
        self._thumbnails: dict[str, Any] = {}
        self._waiting: dict[str, Future[Any]] = {}
        self._list = self._make_list()
        self._poll = QtCore.QTimer(self)
        self._poll.setInterval(_POLL_MS)
        self._poll.timeout.connect(self._take_thumbnails)
        self.setAcceptDrops(True)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(QtWidgets.QLabel(Words.style_picture))
        layout.addWidget(self._list, 1)
        layout.addLayout(self._make_buttons())
        studio().styles_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is remembered now."""
        current = self.current()
        self._list.blockSignals(True)
        self._list.clear()
        self._extra = [style for style in self._extra if not style.thumbnail(1).isNull()]
        memory = studio().memory
        files = [*memory.pinned_styles(), *memory.recent_styles()]
        for style in (*self._extra, *map(ImageStyle.of_file, files)):
            self._add_item(style, style == current)
        self._list.scheduleDelayedItemsLayout()
        self._list.blockSignals(False)

    def current(self) -> Style | None:
        """The style that is marked."""
        item = self._list.currentItem()
        return None if item is None else item.data(_STYLE)

    def add(self, style: Style) -> None:
        """Put a style first and choose it."""
        if isinstance(style, ImageStyle) and style.path:
            studio().memory.remember_style(style.path)
            studio().styles_changed.emit()
        elif style not in self._extra:
            self._extra.insert(0, style)
            self.refresh()
        self.choose(style)

    def choose(self, style: Style) -> None:
        """Mark a style and tell of it."""
        for row in range(self._list.count()):
            if self._list.item(row).data(_STYLE) == style:
                self._list.setCurrentRow(row)

    def dragEnterEvent(self, event: Any) -> None:
        """Take pictures and files of pictures."""
        if event.mimeData().hasImage() or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        """Take the first of them."""
        if self.add_from(event.mimeData()):
            event.acceptProposedAction()

    def add_from(self, mime: Any) -> bool:
        """Add what was dropped or pasted; whether it was a picture."""
        files = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if files:
            self.add(ImageStyle.of_file(files[0]))
        elif mime.hasImage():
            self.add(ImageStyle(Sentences.pasted, image=QtGui.QImage(mime.imageData())))
        return bool(files) or mime.hasImage()

    def _make_list(self) -> Any:
        view = QtWidgets.QListWidget()
        view.setViewMode(QtWidgets.QListView.ViewMode.IconMode)
        view.setResizeMode(QtWidgets.QListView.ResizeMode.Adjust)
        view.setMovement(QtWidgets.QListView.Movement.Static)
        view.setIconSize(QtCore.QSize(SIDE, SIDE))
        view.setGridSize(QtCore.QSize(SIDE + 12, SIDE + 12 + view.fontMetrics().height()))
        view.setMinimumHeight(SIDE + 40)
        view.setTextElideMode(QtCore.Qt.TextElideMode.ElideMiddle)
        view.setAccessibleName(Words.style_picture)
        view.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.currentItemChanged.connect(self._tell)
        return view

    def _make_buttons(self) -> Any:
        row = QtWidgets.QHBoxLayout()
        self._open_menu = QtWidgets.QMenu(self)
        self._open_menu.aboutToShow.connect(self._fill_open_menu)
        for text, icon, action in (
            (Words.choose_file, "document-open", self._ask_file),
            (Sentences.paste, "edit-paste", self._paste),
            (Words.open_pictures, "paintLayer", None),
        ):
            button = QtWidgets.QToolButton()
            button.setToolTip(text)
            button.setText(text)
            button.setIcon(_icon(icon))
            row.addWidget(button)
            if action is not None:
                button.clicked.connect(action)
                continue
            button.setMenu(self._open_menu)
            button.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.InstantPopup)
        hint = QtWidgets.QLabel(Sentences.drop_hint)
        hint.setEnabled(False)
        row.addStretch(1)
        row.addWidget(hint)
        return row

    def _add_item(self, style: Style, is_current: bool) -> None:
        item = QtWidgets.QListWidgetItem(style.name)
        item.setData(_STYLE, style)
        item.setToolTip(getattr(style, "path", "") or style.name)
        # The list places an item by its size of now, so one that still waits for its picture is given the room.
        item.setIcon(self._icon_of(style))
        self._list.addItem(item)
        if is_current:
            self._list.setCurrentItem(item)

    def _icon_of(self, style: Style) -> Any:
        """Its thumbnail, or an empty one of the same size, which is replaced when the file has been read."""
        path = getattr(style, "path", "")
        if not path:
            return _thumbnail_icon(style.thumbnail(SIDE))
        if path not in self._thumbnails and path not in self._waiting:
            self._waiting[path] = studio().readers.submit(images.read_thumbnail, path, SIDE)
            self._poll.start()
        return self._thumbnails.get(path) or _thumbnail_icon(images.nothing())

    def _take_thumbnails(self) -> None:
        """Show the thumbnails that have been read."""
        for path in [path for path, future in self._waiting.items() if future.done()]:
            future = self._waiting.pop(path)
            if future.exception() is None and not future.result().isNull():
                self._thumbnails[path] = _thumbnail_icon(future.result())
                self._show_thumbnail(path)
        if not self._waiting:
            self._poll.stop()

    def _show_thumbnail(self, path: str) -> None:
        for row in range(self._list.count()):
            item = self._list.item(row)
            if getattr(item.data(_STYLE), "path", "") == path:
                item.setIcon(self._thumbnails[path])

    def _tell(self, item: Any | None, _before: Any | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_STYLE))

    def _ask_file(self) -> None:
        patterns = " ".join(f"*.{ending}" for ending in images.endings())
        filters = f"{Words.pictures} ({patterns});;{Words.all_files} (*)"
        path, _filter = QtWidgets.QFileDialog.getOpenFileName(self, Words.style_picture, "", filters)
        if path:
            self.add(ImageStyle.of_file(path))

    def _paste(self) -> None:
        self.add_from(QtWidgets.QApplication.clipboard().mimeData())

    def _fill_open_menu(self) -> None:
        self._open_menu.clear()
        for style in open_styles(self._content()):
            indent = "" if style.node is None else "    "
            action = self._open_menu.addAction(f"{indent}{style.name}")
            action.setIcon(_thumbnail_icon(style.thumbnail(SIDE)))
            action.triggered.connect(partial(self._add_open, style))

    def _add_open(self, style: Style, _checked: bool = False) -> None:
        self.add(style)

    def _show_menu(self, place: Any) -> None:
        item = self._list.itemAt(place)
        path = getattr(item and item.data(_STYLE), "path", "")
        if not path:
            return
        memory = studio().memory
        is_pinned = path in memory.pinned_styles()
        menu = QtWidgets.QMenu(self)
        pin = menu.addAction(Words.unpin if is_pinned else Words.pin)
        forget = menu.addAction(Words.forget)
        chosen = menu.exec(self._list.mapToGlobal(place))
        if chosen == pin:
            (memory.unpin_style if is_pinned else memory.pin_style)(path)
        elif chosen == forget:
            memory.forget_style(path)
        studio().styles_changed.emit()


def _icon(name: str) -> Any:
    from krita import Krita

    return Krita.instance().icon(name)


def _thumbnail_icon(image: Any) -> Any:
    """An icon of the full size, so that names stand in one line under pictures of any shape."""
    square = QtGui.QPixmap(SIDE, SIDE)
    square.fill(QtCore.Qt.GlobalColor.transparent)
    painter = QtGui.QPainter(square)
    painter.drawImage((SIDE - image.width()) // 2, (SIDE - image.height()) // 2, image)
    painter.end()
    return QtGui.QIcon(square)
