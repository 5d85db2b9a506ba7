"""How every endpoint reads what was sent and answers, mistakes included."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from kalkan.apps.reporting import problems_of
from kalkan.apps.web.messages import Message
from kalkan.apps.web.security import TooLargeError, refuse
from kalkan.errors import KalkanError, Problem, ProblemsError

Sent = TypeVar("Sent", bound=Message)
Endpoint = Callable[[Request], Awaitable[Response]]


class AbsentError(KalkanError):
    """What was asked for is not there."""


class ConflictError(KalkanError):
    """It cannot be done as things stand."""


def answer(content: Any, status: int = 200) -> Response:
    """JSON without blanks; half a character, as a damaged file may hold, becomes a question mark."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    headers = {"cache-control": "no-store"}
    return Response(text.encode("utf-8", "replace"), status, headers, media_type="application/json")


def endpoint(function: Callable[[Request], Any]) -> Endpoint:
    """An endpoint from a coroutine that gives a Response or plain data; mistakes become answers."""

    async def served(request: Request) -> Response:
        try:
            found = await function(request)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody reads it
        except TooLargeError:
            return refuse(413, "is larger than 6 MB")
        except AbsentError as error:
            return answer(problems_of(error), 404)
        except ConflictError as error:
            return answer(problems_of(error), 409)
        except KalkanError as error:
            return answer(problems_of(error), 422)
        except OSError as error:
            told = KalkanError(f"cannot be done: {error.strerror or 'the file system refuses'}")
            return answer(problems_of(told), 422)
        return found if isinstance(found, Response) else answer(found)

    return served


async def body_of(request: Request, kind: type[Sent]) -> Sent:
    """The request's body.

    Raises
    ------
    ProblemsError
        Everything that is wrong with it.
    """
    raw = await request.body()
    try:
        return await run_in_threadpool(kind.model_validate_json, raw)
    except ValidationError as error:
        problems = [Problem(" · ".join(map(str, e["loc"])) or "request", e["msg"][:200]) for e in error.errors()[:20]]
        raise ProblemsError(problems) from None


def text_in(request: Request, name: str, default: str | None = None) -> str:
    """A text of the query.

    Raises
    ------
    ProblemsError
        It is not there and has no default.
    """
    value = request.query_params.get(name, default)
    if value is None:
        raise ProblemsError([Problem(name, "is missing")])
    return value


def whole_in(request: Request, name: str) -> int:
    """A whole number of the query, from 0.

    Raises
    ------
    ProblemsError
        It is none.
    """
    value = text_in(request, name)
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise ProblemsError([Problem(name, f"= {value[:40]!r} must be a whole number from 0")])
    return int(value)
