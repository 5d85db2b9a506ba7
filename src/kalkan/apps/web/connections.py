"""Connections that keep silent: they give way to those that ask, and are let go after a while.

A connection costs whoever opens it nothing. uvicorn keeps one that never asks for ever, and counts it against its
limit of answers at a time: a few dozen of them, from a forgotten script or a browser's own look-ahead, would shut
everybody else out.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 64  # connections at a time
ASKS_WITHIN_S = 20.0  # from the first byte that is awaited to the last one of the request's head


class Connection(H11Protocol):
    """uvicorn's own, which is asked something within `ASKS_WITHIN_S`, and gives way to others while it is silent."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._heard_s = time.monotonic()
        self._patience: asyncio.TimerHandle | None = None

    @property
    def waits(self) -> bool:
        """Whether it is the visitor's turn: no request yet, one that is not whole, or one that was answered."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Make room for it where there are many."""
        silent = [c for c in map(cast_connection, self.connections) if c.waits]
        for old in sorted(silent, key=lambda c: c._heard_s)[: max(0, len(self.connections) + 2 - MOST)]:
            old.let_go()
        super().connection_made(transport)
        self._be_patient()

    def data_received(self, data: bytes) -> None:
        """Patience ends with the head of a request, and begins again with what follows it."""
        self._heard_s = time.monotonic()
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._hurry_no_more()
        else:
            self._be_patient()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._hurry_no_more()
        super().connection_lost(exc)

    def let_go(self) -> None:
        """End it at once."""
        self.connections.discard(self)
        self.transport.abort()

    def _be_patient(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(ASKS_WITHIN_S, self.let_go)

    def _hurry_no_more(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def cast_connection(protocol: Any) -> Connection:
    """What uvicorn keeps in its set, which here holds no other kind."""
    return cast(Connection, protocol)
