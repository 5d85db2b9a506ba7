"""A server that ends quietly: open pages are let go first."""

from __future__ import annotations

import logging
import signal
from types import FrameType

import uvicorn

from kalkan.apps.web.security import Guard


class Server(uvicorn.Server):
    """uvicorn's own, which else waits for pages that listen, breaks them off and complains of that.

    Parameters
    ----------
    config : uvicorn.Config
    guard : Guard
        The app.
    """

    def __init__(self, config: uvicorn.Config, guard: Guard) -> None:
        super().__init__(config)
        self._guard = guard

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ctrl-C: nobody waits for news any more, and what is broken off is no fault to be told."""
        self._guard.close()
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        if sig == signal.SIGINT and not self.should_exit:
            self.should_exit = True  # uvicorn's own raises the signal once more at the end, which would be the second
        else:
            super().handle_exit(sig, frame)
