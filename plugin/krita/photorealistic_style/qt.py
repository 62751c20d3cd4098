"""The Qt that this Krita is built with: PyQt5 up to 5.3, PyQt6 from 6 on.

Krita's own module has loaded it by the time this plug-in starts; a second Qt in the same process would crash it, so
what is loaded decides and not what happens to be installed.
"""

from __future__ import annotations

import sys

if "PyQt6.QtCore" in sys.modules:
    from PyQt6 import QtCore, QtGui, QtWidgets
else:
    from PyQt5 import QtCore, QtGui, QtWidgets

__all__ = ["QtCore", "QtGui", "QtWidgets"]
