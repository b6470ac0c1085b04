"""The API is what its OpenAPI document says, and the document is what OpenAPI says."""

import json
import pathlib
import subprocess
import sys
import threading

import jsonschema_rs
import pytest
import serving
from schemathesis.specs.openapi import definitions

HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving.serving(tmp_path_factory.mktemp("openapi") / "home") as running:
        yield running


def ask(server: serving.Server, method: str, path: str, body=None, **headers):
    """The status, the headers and the body, read as JSON where it is."""
    connection = server.connection()
    headers["Authorization"] = f"Bearer {server.token}"
    if body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(body)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    content = response.read()
    is_json = response.headers.get_content_type().endswith("json")
    return response.status, response.headers, json.loads(content) if is_json else content


def apply(server: serving.Server, name: str, description: str) -> None:
    manifest = f"name: {name}\nversion: v1\ntype: workspace\ndescription: {description}\n"
    documents = [{"source": "test.yaml", "text": manifest + "workspace: {}\n"}]
    status, _, answer = ask(server, "POST", "/api/apply", {"documents": documents})
    assert status == 200, answer


def test_the_document_is_openapi_3_1(server):
    _, _, document = ask(server, "GET", "/api/openapi.json")
    assert document["openapi"].startswith("3.1")
    assert [str(error) for error in definitions.OPENAPI_31_VALIDATOR.iter_errors(document)] == []
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        )


def test_every_answer_is_as_documented_whatever_is_asked(server):
    apply(server, "schemathesis", "something to find")
    run = subprocess.run(
        [
            *(pathlib.Path(sys.executable).parent / "schemathesis", "--config-file"),
            *(HERE / "schemathesis.toml", "run", f"{server.address}/api/openapi.json"),
            *("--checks", "all", "--header", f"Authorization: Bearer {server.token}"),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=server.home.parent,
        timeout=150,
    )
    assert run.returncode == 0, run.stdout[-20000:] + run.stderr[-2000:]
    status, _, facts = ask(server, "GET", "/api/status")
    assert (status, facts["phase"]) == (200, "ready")


def test_a_watch_tells_of_changes_and_goes_on_where_it_broke(server):
    _, _, page = ask(server, "GET", "/api/resources?type=workspace")
    first = read_event(server, page["revision"], lambda: apply(server, "watched", "one"))
    assert first["event"] == "applied"
    assert json.loads(first["data"])["description"] == "one"
    apply(server, "watched", "two")
    second = read_event(server, first["id"], lambda: None)
    assert json.loads(second["data"])["description"] == "two"


def read_event(server: serving.Server, after, act) -> dict[str, str]:
    """The first event about the resource `watched`; `act` runs once the stream is open."""
    connection = server.connection()
    headers = {"Authorization": f"Bearer {server.token}", "Last-Event-ID": str(after)}
    path = "/api/resources?type=workspace&name=watched&watch=true"
    connection.request("GET", path, headers={**headers, "Accept": "text/event-stream"})
    response = connection.getresponse()
    assert response.headers.get_content_type() == "text/event-stream"
    acting = threading.Thread(target=act)
    acting.start()
    event = {}
    for line in response:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            event[name] = value
        elif event.get("event") in ("applied", "deleted"):
            break
        else:
            event = {}
    acting.join()
    connection.close()
    return event


def test_a_stale_change_is_refused_and_a_repeated_one_answered_once(server):
    apply(server, "stale", "one")
    _, headers, _ = ask(server, "GET", "/api/resources/workspace/stale")
    apply(server, "stale", "two")
    path = "/api/resources/workspace/stale"
    status, _, problem = ask(server, "DELETE", path, **{"If-Match": headers["ETag"]})
    assert (status, problem["code"]) == (412, "conflict")

    rollback = {"version": 1}
    key = {"Idempotency-Key": "the-one-rollback"}
    first = ask(server, "POST", path + "/rollback", rollback, **key)
    again = ask(server, "POST", path + "/rollback", rollback, **key)
    assert first[0] == 200 and again[2] == first[2]
    assert again[1]["Idempotency-Replayed"] == "true"
    assert ask(server, "POST", path + "/rollback", {"version": 2}, **key)[0] == 422


def test_the_page_opens_in_a_browser_with_the_token_as_password(server):
    connection = server.connection()
    connection.request("GET", "/", headers={"Accept": "text/html"})
    refused = connection.getresponse()
    refused.read()
    assert refused.status == 401
    assert any("Basic" in way for way in refused.headers.get_all("WWW-Authenticate"))
    page = subprocess.run(
        ["curl", "--silent", "--user", f"weir:{server.token}", server.address + "/"],
        capture_output=True,
        text=True,
    ).stdout
    assert server.address in page
