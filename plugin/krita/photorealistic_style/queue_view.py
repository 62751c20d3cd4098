"""What is being made: a line with a bar and a button for each run."""

from __future__ import annotations

from typing import Any

from photostyle_plugin.texts import Words

from .qt import QtWidgets
from .queue import Run
from .studio import studio


class QueueView(QtWidgets.QWidget):
    """All runs of the queue; those that are done go by themselves, failed ones stay until they are closed."""

    def __init__(self, parent: Any | None = None) -> None:
        super().__init__(parent)
        self._lines: dict[Run, _Line] = {}
        self._layout = QtWidgets.QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        studio().queue.changed.connect(self._arrange)
        self._arrange()

    def _arrange(self) -> None:
        """A line for each run, and none for those that are gone."""
        runs = studio().queue.runs
        for run in [run for run in self._lines if run not in runs]:
            self._lines.pop(run).deleteLater()
        for run in runs:
            if run not in self._lines:
                self._lines[run] = _Line(run)
                self._layout.addWidget(self._lines[run])


class _Line(QtWidgets.QWidget):
    """One run."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._bar = QtWidgets.QProgressBar()
        self._bar.setRange(0, 1000)
        self._note = QtWidgets.QLabel()
        self._note.setWordWrap(True)
        self._button = QtWidgets.QToolButton()
        self._button.setText("✕")
        self._button.setToolTip(Words.cancel)
        self._button.clicked.connect(lambda: studio().queue.remove(run))
        layout = QtWidgets.QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar, 0, 0)
        layout.addWidget(self._button, 0, 1)
        layout.addWidget(self._note, 1, 0, 1, 2)
        run.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        run = self._run
        self._bar.setValue(round(1000 * run.fraction))
        self._bar.setFormat(f"{run.name}: {run.text if run.state == 'running' else '%p %'}")
        self._bar.setVisible(run.state == "running")
        self._note.setVisible(run.state == "failed")
        if run.state == "failed":
            self._note.setText("\n".join(filter(None, (f"{run.name}: {run.text}", run.hint))))
            self._button.setToolTip(Words.close)
        elif run.state != "running":
            studio().queue.remove(run)
