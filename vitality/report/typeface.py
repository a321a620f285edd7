"""The shipped fonts: Vitality Sans SC, a subset of Noto Sans SC (see ``fonts/README.md``)."""

from __future__ import annotations

from pathlib import Path

__all__ = ["FONT_FAMILY", "FONT_FILES", "FONT_FOLDER"]

FONT_FAMILY = "Vitality Sans SC"
FONT_FOLDER = Path(__file__).parent / "fonts"
FONT_FILES = (FONT_FOLDER / "VitalitySansSC-Regular.ttf", FONT_FOLDER / "VitalitySansSC-Bold.ttf")
"""Regular (400) and Bold (700)."""
