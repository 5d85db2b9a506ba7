"""The OpenAPI description of the server, made from the bodies that it checks."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from kalkan.apps.web.messages import (
    CoverageQuestion,
    Draft,
    Edit,
    GroundQuestion,
    Message,
    NewRun,
    NewScenario,
    Save,
    StoredCoverageQuestion,
)
from kalkan.apps.web.studying import BODIES
from kalkan.operations import STUDIES

_ANY: dict[str, Any] = {"type": "object"}
_PROBLEM = {
    "type": "object",
    "required": ["file", "line", "where", "message"],
    "properties": {
        "file": {"type": "string"},
        "line": {"type": "integer"},
        "where": {"type": "string"},
        "message": {"type": "string"},
    },
}
_PROBLEMS = {
    "type": "object",
    "required": ["problems"],
    "properties": {"problems": {"type": "array", "items": _PROBLEM}},
}
_REFUSALS = {
    400: "not HTTP", 401: "no token", 403: "another site, or another name", 404: "not there", 405: "wrong method",
    409: "cannot be done as things stand", 413: "too large", 415: "not JSON", 422: "mistakes", 503: "took too long",
}  # fmt: skip


def description() -> dict[str, Any]:
    """OpenAPI 3.1."""
    import kalkan

    bodies: list[type[Message]] = [
        CoverageQuestion, Draft, Edit, GroundQuestion, NewRun, NewScenario, Save, StoredCoverageQuestion,
        *BODIES.values(),
    ]  # fmt: skip
    _, definitions = models_json_schema(
        [(b, "validation") for b in bodies], ref_template="#/components/schemas/{model}"
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kalkan", "version": kalkan.__version__,
            "description": "What the browser app asks of kalkan. Loopback only, unless it is started otherwise.",
        },
        "paths": _paths(),
        "components": {"schemas": {**definitions.get("$defs", {}), "Problems": _PROBLEMS}},
    }  # fmt: skip


def _paths() -> dict[str, Any]:
    path = _query("path", "Relative to the workspace.", example="out/raid")
    variant, replication = _query("variant", "Its name."), _query("replication", "From 0.", whole=True)
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
    wave = _query("wave", "Of a campaign; without it the first one.", example="night 2", needed=False)
    one = [path, variant, replication, wave]
    word = _query("word", "Such as Shahed; without it all.", example="Shahed", needed=False)
    return {
        "/api/about": {"get": _operation("Version, workspace, whether it can be changed.")},
        "/api/openapi.json": {"get": _operation("This description.")},
        "/api/files": {"get": _operation("Scenarios and results of the workspace, and what was passed over.")},
        "/api/scenario": {
            "get": _operation("A scenario's text.", [_query("path", "A scenario file.", example="raid.toml")]),
            "put": _operation("Write a scenario's text.", body=Save),
            "post": _operation("Write a starter.", body=NewScenario, status=201),
        },
        "/api/check": {"post": _operation("Every mistake of a text, or its maps.", body=Draft)},
        "/api/list": {"get": _operation("Entries of the catalogue and examples, or what a word names.", [word])},
        "/api/edit": {"post": _operation("Change positions; comments stay.", body=Edit)},
        "/api/coverage": {"post": _operation("Sight, detection or reach at a height.", body=CoverageQuestion)},
        "/api/coverage/stored": {"post": _operation("The same of what was run.", body=StoredCoverageQuestion)},
        "/api/ground": {"post": _operation("Relief, coasts, borders.", body=GroundQuestion)},
        "/api/runs": {
            "get": _operation("All runs."),
            "post": _operation("Queue a run.", body=NewRun, status=201),
        },
        "/api/runs/{id}": {"delete": _operation("Cancel a run.", [number])},
        **{o.address: {"post": _operation(o.says, body=BODIES[o.name], status=201)} for o in STUDIES.values()},
        "/api/studies/{id}": {"get": _operation("What a finished study found.", [number])},
        "/api/results": {"get": _operation("The findings and tables of a run.", [path])},
        "/api/compare": {
            "get": _operation("Two runs side by side.", [_query("first", "One."), _query("second", "Another.")])
        },
        "/api/figures": {"get": _operation("Histograms and maps of a run, as its report has them.", [path])},
        "/api/report": {"get": _operation("The report of a run, as a page.", [path], kind="text/html")},
        "/api/choices": {"get": _operation("Which replication to look at.", [path])},
        "/api/replay": {"get": _operation("One replication, or one wave of it, whole.", one)},
        "/api/onefile": {"get": _operation("The same as a page.", one, kind="text/html")},
    }


def _query(name: str, told: str, *, whole: bool = False, example: str = "", needed: bool = True) -> dict[str, Any]:
    number = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    schema = number if whole else {"type": "string", "maxLength": 400}
    return {
        "name": name, "in": "query", "required": needed, "description": told, "schema": schema,
        **({"example": example} if example else {}),
    }  # fmt: skip


def _operation(
    told: str, parameters: list[dict[str, Any]] | None = None, *, body: type[Message] | None = None,
    status: int = 200, kind: str = "application/json",
) -> dict[str, Any]:  # fmt: skip
    good: dict[str, Any] = {"type": "string"} if kind == "text/html" else _ANY
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/Problems"}}}
    operation: dict[str, Any] = {
        "summary": told,
        "responses": {
            str(status): {"description": "done", "content": {kind: {"schema": good}}},
            **{str(code): {"description": why, "content": refused} for code, why in _REFUSALS.items()},
        },
    }
    if parameters:
        operation["parameters"] = parameters
    if body is not None:
        schema = {"$ref": f"#/components/schemas/{body.__name__}"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation
