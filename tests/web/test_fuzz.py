"""Whatever is sent within the description or against it: an answer of the described form, never a fault."""

from __future__ import annotations

import threading
import time

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kalkan.apps.web.openapi import description
from kalkan.apps.web.security import Door
from kalkan.apps.web.server import create_app, listen
from tests.web.harness import workspace

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """A real server as its own description says it is; nobody works on its queue."""
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    app = create_app(workspace(tmp_path_factory.mktemp("fuzz")), Door("127.0.0.1", port))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/api/openapi.json")
    server.should_exit = True
    thread.join(5)


OPERATIONS = [
    (path, method, mode)
    for path, operations in description()["paths"].items()
    for method, told in operations.items()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode is GenerationMode.POSITIVE or "parameters" in told or "requestBody" in told
]


@pytest.mark.parametrize(("path", "method", "mode"), OPERATIONS, ids=[f"{m} {p} {g.value}" for p, m, g in OPERATIONS])
def test_every_answer_is_as_described(described, path, method, mode):
    strategy = described[path][method].as_strategy(generation_mode=mode)

    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    @given(strategy)
    def ask(case):
        case.call_and_validate(checks=CHECKS)

    ask()
