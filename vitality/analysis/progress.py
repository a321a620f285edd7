"""A progress bar for work that lasts longer than two seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tqdm import tqdm

__all__ = ["SECONDS_OF_SILENCE", "progress"]

SECONDS_OF_SILENCE = 2.0


def progress(total: int, text: str) -> tqdm[Any]:
    """Give a bar that shows itself after two seconds and leaves nothing behind.

    Only a terminal shows it: in a notebook that is executed for a report it would be printed with the results.

    Examples
    --------
    >>> with progress(10, "permutations") as bar:
    ...     _ = bar.update(10)
    """
    from tqdm import tqdm

    return tqdm(total=total, desc=text, delay=SECONDS_OF_SILENCE, leave=False, disable=None)
