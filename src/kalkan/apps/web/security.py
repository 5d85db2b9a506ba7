"""Who may ask for what: hosts, origins, a token, sizes, times and headers.

The server speaks to the machine it runs on. A page of another site that is open in the same browser
must not reach it: its requests carry a foreign Origin, and a name that was pointed at 127.0.0.1 (DNS
rebinding) carries a foreign Host; both are refused. Bound to another address, every request to the API
needs the token that was printed at the start.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
COOKIE = "kalkan-token"
LARGEST_BODY_BYTES = 6_000_000
LONGEST_REQUEST_S = 60.0
LONGEST_REPLAY_S = 300.0  # the engine may have to be compiled first
COMPUTED = ("/api/replay", "/api/onefile", "/api/report", "/api/figures")
CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:",
    "connect-src 'self' data: blob:", "worker-src 'self'", "base-uri 'none'", "form-action 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = (
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
)
SAFE_METHODS = ("GET", "HEAD")


@dataclass(frozen=True)
class Door:
    """Where the server listens, and what a visitor must bring.

    Attributes
    ----------
    host : str
        Address that it is bound to.
    port : int
    token : str
        Wanted of every request to the API; "": none, on the loopback address.
    """

    host: str = "127.0.0.1"
    port: int = 0
    token: str = field(default="", repr=False)

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)

    def knows_host(self, host: str) -> bool:
        """Whether a Host header names this server: never a name that others could point at it."""
        name, _, port = host.rpartition(":") if not host.endswith("]") and ":" in host else (host, "", "80")
        if port != str(self.port):
            return False
        return name in LOOPBACK or name == self.host or (not self.is_local and _is_address(name))

    def lets_in(self, token: str) -> bool:
        """Whether a token opens the API."""
        return not self.token or hmac.compare_digest(token.encode(), self.token.encode())


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


class Guard:
    """Middleware that refuses what must not come in, and puts the headers on what goes out.

    Parameters
    ----------
    app : ASGI app
    door : Door
    close : callable
        Lets go whoever listens to the app, before it ends.
    """

    def __init__(self, app: ASGIApp, door: Door, close: Callable[[], None] = lambda: None) -> None:
        self.app, self.door, self.close = app, door, close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        refusal = self._refusal(scope, headers)
        answer = refusal or self._entrance(scope)
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in HEADERS)]
            await send(message)

        if answer is not None:
            await answer(scope, receive, send_with_headers)
            return
        try:
            async with asyncio.timeout(_longest_s(scope["path"])):
                await self.app(scope, _limited(receive), send_with_headers)
        except TimeoutError:
            if not started:
                await refuse(503, "took too long; try again")(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> Response | None:
        if not self.door.knows_host(headers.get("host", "")):
            return refuse(403, "comes under a name that is not this server's")
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers["host"]:
            return refuse(403, "comes from a page of another site")
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and scope["path"].startswith("/api/"):
            return refuse(403, "comes from a page of another site")
        if scope["method"] not in SAFE_METHODS and scope["path"].startswith("/api/"):
            kind = headers.get("content-type", "").split(";")[0].strip().lower()
            if kind != "application/json" and scope["method"] != "DELETE":
                return refuse(415, "must be JSON (Content-Type: application/json)")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY_BYTES:
            return refuse(413, "is larger than 6 MB")
        if scope["path"].startswith("/api/") and not self.door.lets_in(_token(headers)):
            return refuse(401, "needs the token that was printed when the server started")
        return None

    def _entrance(self, scope: Scope) -> Response | None:
        """The printed address carries the token once; from then on a cookie does."""
        query = scope.get("query_string", b"").decode("latin-1")
        if not self.door.token or scope["path"] != "/" or not query.startswith("token="):
            return None
        token = query.removeprefix("token=").split("&")[0]
        if not self.door.lets_in(token):
            return refuse(401, "brings a wrong token")
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict")
        return answer


def _longest_s(path: str) -> float | None:
    """How long an answer may take [s]; the stream of events has no end."""
    if path == "/api/runs/events":
        return None
    return LONGEST_REPLAY_S if path in COMPUTED else LONGEST_REQUEST_S


class TooLargeError(Exception):
    """A body went on beyond the limit."""


def _limited(receive: Receive) -> Receive:
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > LARGEST_BODY_BYTES:
                raise TooLargeError
        return message

    return limited


def _token(headers: dict[str, str]) -> str:
    bearer = headers.get("authorization", "")
    if bearer.startswith("Bearer "):
        return bearer.removeprefix("Bearer ").strip()
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return "" if cookie is None else cookie.value


def refuse(status: int, message: str) -> JSONResponse:
    """An answer in the form of all mistakes."""
    problem = {"file": "", "line": 0, "where": "request", "message": message}
    return JSONResponse({"problems": [problem]}, status_code=status)
