"""A replay as one HTML file that opens from disk and asks nobody for anything."""

from __future__ import annotations

import html
import json
from pathlib import Path

from kalkan.errors import NO_BROWSER_APP, KalkanError

TEMPLATE = Path(__file__).parent / "static" / "onefile.html"
SLOT = '<script type="application/json" id="document"></script>'


def page(document: str) -> str:
    """The page with a replay document in it.

    Parameters
    ----------
    document : str
        JSON; see :func:`kalkan.views.replay.document.replay_document`.

    Raises
    ------
    KalkanError
        The browser app is not in this installation.
    """
    if not TEMPLATE.is_file():
        raise KalkanError(NO_BROWSER_APP)
    template = TEMPLATE.read_text(encoding="utf-8")
    title = html.escape(str(json.loads(document)["title"]))
    data = document.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    filled = template.replace(SLOT, SLOT.replace("></", f">{data}</"), 1)
    return filled.replace("<title>kalkan</title>", f"<title>{title} · kalkan</title>", 1)
