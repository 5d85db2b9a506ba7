"""The replay in a notebook: needs anywidget, which is optional, and the built browser app."""

from __future__ import annotations

import gzip
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kalkan.errors import NO_BROWSER_APP, KalkanError
from kalkan.views.replay.built import MODULE
from kalkan.views.replay.telling import compact, scenario_of, tell

if TYPE_CHECKING:
    from kalkan.views.replay.replay_widget import Replay



def widget(folder: Path, variant: str, replication: int, wave: str | None = None) -> Replay:
    """One replication of a finished run, computed again, as a widget that shows itself.

    Parameters
    ----------
    folder : Path
        Of the results.
    variant : str
    replication : int
    wave : str, optional
        Of a campaign; default the first one.

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
        raise KalkanError(NO_BROWSER_APP)
    from kalkan.views.replay.replay_widget import Replay

    document = tell(folder, variant, replication, wave)
    scenario = scenario_of(folder, variant, document["wave"])
    return Replay(scenario, end_s=document["end_s"], document_gz=gzip.compress(compact(document).encode(), mtime=0))
