"""Work in a process of its own: the server stays quick, and work can be broken off."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

from kalkan.apps.web import worker
from kalkan.errors import KalkanError, Problem, ProblemsError

LONGEST_LINE_BYTES = 400_000_000
LONGEST_S = 24 * 3600.0


class Child:
    """One piece of work, told in lines of JSON.

    Parameters
    ----------
    job : dict
        What :mod:`kalkan.apps.web.worker` is to do.
    """

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self._process: asyncio.subprocess.Process | None = None
        self._stopped = False

    async def lines(self) -> AsyncIterator[dict[str, Any]]:
        """Start, and give every line that it says."""
        if self._stopped:
            return
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", worker.__name__,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            limit=LONGEST_LINE_BYTES, start_new_session=True,
        )  # fmt: skip
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps(self.job).encode())
            self._process.stdin.close()
            async for line in self._process.stdout:
                yield json.loads(line)
            await self._process.wait()
        finally:
            if self._process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    self._process.kill()

    def stop(self) -> None:
        """Ask it to finish what is in work and to end."""
        self._stopped = True
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGINT)


async def answer_of(job: dict[str, Any], seconds: float = 300.0) -> Any:
    """The one answer of a piece of work.

    Raises
    ------
    ProblemsError
        What the work complained of.
    KalkanError
        It broke down.
    """
    async with asyncio.timeout(seconds):
        async for line in Child(job).lines():
            if "answer" in line:
                return line["answer"]
            if "problems" in line:
                raise ProblemsError([Problem(p["where"], p["message"], p["file"], p["line"]) for p in line["problems"]])
    raise KalkanError("the work broke down; run kalkan replay or kalkan run on the command line to see why")
