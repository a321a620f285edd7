"""For work that takes long: a progress bar, on a terminal only, and no collector of cycles in between."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from tqdm import tqdm

__all__ = ["SECONDS_OF_SILENCE", "long_work", "progress", "uncollected"]

Item = TypeVar("Item")
SECONDS_OF_SILENCE = 2.0


def progress(total: int, text: str, *, shown: bool | None = None) -> tqdm[Any]:
    """Give a bar that shows itself after two seconds and leaves nothing behind.

    Only a terminal shows it, unless `shown` says otherwise: in a notebook that is executed for a report it would be
    printed with the results.

    Examples
    --------
    >>> with progress(10, "permutations") as bar:
    ...     _ = bar.update(10)
    """
    from tqdm import tqdm

    disable = None if shown is None else not shown
    return tqdm(total=total, desc=text, delay=SECONDS_OF_SILENCE, leave=False, disable=disable)


def long_work(items: Sequence[Item], label: str) -> Iterable[Item]:
    """Go through items under a bar.

    Examples
    --------
    >>> list(long_work([1, 2], "reading"))
    [1, 2]
    """
    with progress(len(items), label) as bar:
        for item in items:
            yield item
            bar.update()


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the collector of reference cycles, which would walk through millions of cells over and over.

    Examples
    --------
    >>> with uncollected():
    ...     gc.isenabled()
    False
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
