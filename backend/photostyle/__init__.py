"""Photostyle: one photograph takes the look of another."""

import os

__version__ = "0.1.0"

# OpenMP reads it when torch is loaded, which is after this. Threads that spin while they wait for each other make a
# job several times as long on cores that an editor or a second job keeps busy.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
