"""Cautions about weights: one short text in Chinese and in English."""

from __future__ import annotations

import html
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vitality.framework import Lang

__all__ = ["Caution", "CautionedResult", "ToldResult"]


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


class ToldResult(ABC):
    """A result that tells itself in one sentence, in either language."""

    @abstractmethod
    def sentence(self, lang: Lang = "zh") -> str:
        """Give the sentence for a report."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.sentence('en')}>"

    def _sentences_html(self) -> str:
        return "".join(f"<p>{html.escape(self.sentence(lang))}</p>" for lang in ("zh", "en"))


class CautionedResult(ToldResult):
    """A result with cautions, which it tells in either language."""

    cautions: tuple[Caution, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Cautions in English; `cautions` has them in both languages."""
        return tuple(caution.text("en") for caution in self.cautions)

    def warning_texts(self, lang: Lang = "zh") -> tuple[str, ...]:
        """Cautions in the language asked for."""
        return tuple(caution.text(lang) for caution in self.cautions)

    def _cautions_html(self) -> str:
        return "".join(f"<p>⚠ {html.escape(caution.zh)}<br>{html.escape(caution.en)}</p>" for caution in self.cautions)
