"""``kalkan.export`` for scripts and notebooks: what takes long, and what a format cannot hold, is shown."""

from __future__ import annotations

from kalkan.exports import export as unwatched
from kalkan.views.progress import watched

export = watched(unwatched)
