"""The replay in a notebook: needs anywidget, which is optional, and the built browser app."""

from __future__ import annotations

import gzip
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kalkan.errors import KalkanError
from kalkan.views.telling import compact, tell

if TYPE_CHECKING:
    from kalkan.views.replay_widget import Replay

MODULE = Path(__file__).parents[1] / "apps" / "web" / "static" / "widget.js"


def widget(folder: Path, variant: str, replication: int) -> Replay:
    """One replication of a finished run, computed again, as a widget that shows itself.

    Parameters
    ----------
    folder : Path
        Of the results.
    variant : str
    replication : int

    Raises
    ------
    KalkanError
        anywidget or the browser app is not installed.
    ProblemsError, StoreError
        See :func:`kalkan.engine.replay.record`.
    """
    if find_spec("anywidget") is None:
        raise KalkanError('a replay in a notebook needs anywidget: pip install "kalkan[jupyter]"')
    if not MODULE.is_file():
        raise KalkanError("the browser app is not in this installation; `make web` builds it where Node.js is")
    from kalkan.views.replay_widget import Replay

    document = tell(folder, variant, replication)
    packed = gzip.compress(compact(document).encode(), mtime=0)
    return Replay(end_s=document["end_s"], document_gz=packed)
