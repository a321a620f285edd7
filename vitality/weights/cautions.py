"""Cautions about weights: one short text in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vitality.framework import Lang

__all__ = ["Caution"]


@dataclass(frozen=True)
class Caution:
    """What a reader of the weights should know before using them.

    Examples
    --------
    >>> Caution("权重集中", "one weight dominates").text("en")
    'one weight dominates'
    """

    zh: str
    en: str

    def text(self, lang: Lang = "zh") -> str:
        """Text in the language asked for."""
        return self.zh if lang == "zh" else self.en
