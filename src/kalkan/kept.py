"""What was computed a moment ago, by content: asked again, it is there."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The last few results, kept by whoever owns this object; several threads may ask.

    Parameters
    ----------
    most : int
        Results that are kept; the one not asked for the longest is forgotten first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Kept[T]], tuple[int]]:
        """A copy, also one in another process, begins with nothing."""
        return (Kept, (self._most,))

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result under a key, made if it is not there."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        with self._lock:
            self._found[key] = made
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return made
