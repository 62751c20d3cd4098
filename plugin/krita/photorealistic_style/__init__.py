"""Photorealistic Style for Krita: an action in Tools ▸ Scripts and a docker. Nothing else is imported at the start."""

from __future__ import annotations

from krita import Krita

from .entry import register

if Krita.instance() is not None:
    register(Krita.instance())
