"""Small counts of persons that are not shown, with others hidden so that sums do not give them away."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import TableError

HIDDEN = "…"
Sums = Literal["both", "rows", "columns", "none"]
_Counts = npt.NDArray[np.float64]
_Mask = npt.NDArray[np.bool_]


def protect_counts(counts: pd.DataFrame, *, minimum: int = 5, sums: Sums = "both") -> pd.DataFrame:
    """Show a table of persons without counts that point at single ones.

    Counts of 1 to `minimum` - 1 become ``<5``. Further cells become ``…``, so that no small count can be had
    from the sums that are published beside the table [1]_. Where ``<5`` itself would tell too much (two persons
    in two cells are one and one), the cell becomes ``…``, which says nothing of its size.

    Parameters
    ----------
    counts : DataFrame, shape (n_rows, n_columns)
        Numbers of persons, whole and not negative, without margins.
    minimum : int
        Smallest count that is shown, other than 0.
    sums : {"both", "rows", "columns", "none"}
        Which sums a reader may know: of every row, of every column, of both, or of neither. The sums of
        a single row over its columns (or of a single column) are its cells and never count.

    Returns
    -------
    DataFrame
        Text, shaped and labelled as `counts`. Where no hiding is enough, because all persons stand in one row or
        one column, every cell is ``…``: publish no sums beside such a table.

    Raises
    ------
    TableError
        If a count is missing, negative or not whole.

    Notes
    -----
    A small count is safe when the hidden cells can be changed by one along a rectangle through it (along
    a line, where only one kind of sums is known) with every sum and every sign unchanged. The cheapest cells
    that make such a change possible are hidden.

    References
    ----------
    .. [1] Hundepool, A. et al. (2012). Statistical Disclosure Control. Wiley. Chapter 4.

    Examples
    --------
    >>> table = pd.DataFrame({"men": [3, 20, 9], "women": [12, 30, 8]}, index=["a", "b", "c"])
    >>> protect_counts(table).to_numpy().tolist()
    [['<5', '…'], ['20', '30'], ['…', '…']]
    >>> protect_counts(table, sums="none").to_numpy().tolist()
    [['<5', '12'], ['20', '30'], ['9', '8']]
    """
    values = _whole(counts)
    known = _known(sums, values.shape)
    turned = known == "rows"
    table = _Hiding(values.T if turned else values, minimum, rectangles=known == "both")
    if known != "none":
        table.hide_partners()
    low, hidden = (table.low.T, table.hidden.T) if turned else (table.low, table.hidden)
    texts = np.where(hidden, np.where(low == 1, f"<{minimum}", HIDDEN), np.char.mod("%d", values))
    return pd.DataFrame(texts, index=counts.index, columns=counts.columns, dtype=object)


def _whole(counts: pd.DataFrame) -> _Counts:
    values = counts.to_numpy(dtype=float)
    bad = ~np.isfinite(values) | (values < 0) | (values % 1 != 0)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise TableError(
            f"counts: row {counts.index[row]!r}, column {counts.columns[column]!r} holds {values[row, column]:g}; "
            "expected whole numbers of persons from 0.",
            zh=f"人数表：{counts.index[row]!r} 行 {counts.columns[column]!r} 列是 {values[row, column]:g}，"
            "应为非负整数。",
        )
    return values


def _known(sums: Sums, shape: tuple[int, ...]) -> Sums:
    """Give the sums that are no cells themselves."""
    over_rows, over_columns = sums in ("both", "columns") and shape[0] > 1, sums in ("both", "rows") and shape[1] > 1
    if over_rows and over_columns:
        return "both"
    return "columns" if over_rows else "rows" if over_columns else "none"


class _Hiding:
    """A table on the way: which cells are hidden, and from where to where a reader knows each of them to be.

    A small cell is known to be 1 to `minimum` - 1, another hidden cell to be `minimum` or more; once its sign no
    longer tells its size, 0 or more.
    """

    def __init__(self, values: _Counts, minimum: int, *, rectangles: bool) -> None:
        self.values, self.minimum, self.rectangles = values, minimum, rectangles
        self.small: _Mask = (values > 0) & (values < minimum)
        self.hidden = self.small.copy()
        self.low = np.where(self.small, 1.0, float(minimum))
        self.high = np.where(self.small, minimum - 1.0, np.inf)

    def hide_partners(self) -> None:
        """Hide what makes every small cell safe, or everything."""
        for row, column in np.argwhere(self.small).tolist():
            place = (row, column)
            offered = self.values >= self.minimum
            if self._safe_with(place, offered):
                continue
            self.low[place], self.high[place] = 0, np.inf
            if self._safe_with(place, offered):
                continue
            self.low[~self.hidden & ~offered] = 0
            if not self._safe_with(place, np.ones_like(self.hidden)):
                self.hidden[:], self.low[:] = True, 0
                return

    def _safe_with(self, place: tuple[int, int], offered: _Mask) -> bool:
        """Hide the cheapest cells among those offered that make a small cell safe; False when there are none."""
        cells = self.hidden | offered
        up, down = cells & (self.values < self.high), cells & (self.values > self.low)
        price = np.where(self.hidden, 0.0, self.values + 1)
        change = self._rectangles if self.rectangles else self._lines
        costs = [change(place, one, other, price) for one, other in ((up, down), (down, up)) if one[place]]
        best = min(costs, key=lambda cost: cost.min(), default=np.full(1, np.inf))
        if not np.isfinite(best.min()):
            return False
        row, column = map(int, np.unravel_index(int(best.argmin()), best.shape))
        partners = [(row, column), (place[0], column), (row, place[1])] if self.rectangles else [(row, place[1])]
        for partner in partners:
            self.hidden[partner] = True
        return True

    @staticmethod
    def _rectangles(place: tuple[int, int], one: _Mask, other: _Mask, price: _Counts) -> _Counts:
        """Price of the rectangle to each opposite corner: this cell and that move one way, the two others back."""
        row, column = place
        possible = one & other[row, :][None, :] & other[:, column][:, None]
        possible[row, :] = possible[:, column] = False
        total = price + price[row, :][None, :] + price[:, column][:, None]
        return np.where(possible, total, np.inf)

    @staticmethod
    def _lines(place: tuple[int, int], one: _Mask, other: _Mask, price: _Counts) -> _Counts:
        """Price of each other cell of the column, which moves back what this one moves."""
        row, column = place
        possible = other[:, [column]].copy()
        possible[row] = False
        return np.where(possible, price[:, [column]], np.inf)
