"""A progress bar for work that takes long, on a terminal only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
#: Seconds after which a bar appears.
_DELAY = 2.0


def long_work(items: Sequence[Item], label: str) -> Iterable[Item]:
    """Go through items; on a terminal a bar appears when that takes longer than two seconds.

    Examples
    --------
    >>> list(long_work([1, 2], "reading"))
    [1, 2]
    """
    from tqdm import tqdm

    return tqdm(items, desc=label, delay=_DELAY, disable=None, leave=False)
