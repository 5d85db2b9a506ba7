"""How things show themselves in a notebook: who knows how says so here, and the things themselves need not know."""

from __future__ import annotations

from functools import singledispatch


@singledispatch
def html(thing: object) -> str | None:
    """What a notebook shows of a thing, as HTML; None where nobody has said how: it is shown as text.

    ``html.register(kind, function)`` says how things of a kind are shown. Those of kalkan's lower floors, which know
    no views, are shown from when ``kalkan.load`` or ``kalkan.record`` has been asked for.
    """
    return None
