"""A home moves to PostgreSQL and goes on there; several servers may then share its store."""

import functools
import json

import postgres_cluster
import pytest
import serving

MANIFEST = """\
name: database
version: v1
type: secret
secret: {type: key-value, acl: r, data: {password: hunter2}}
"""


@pytest.fixture(scope="module")
def database():
    with postgres_cluster.cluster() as address:
        yield address


weir = functools.partial(serving.weir, environment={"PATH": "/usr/bin:/bin"})


def test_a_home_moves_to_postgresql_whole(tmp_path, database):
    home = tmp_path / "home"
    weir(home, "apply", "-f", "-", text=MANIFEST)
    weir(home, "apply", "-f", "-", text=MANIFEST.replace("acl: r", "acl: rw"))
    before = weir(home, "get", "all", "-o", "yaml").stdout
    history = weir(home, "history", "secret", "database", "-o", "csv").stdout

    moved = weir(home, "control", "migrate", "--to", database, "-o", "json")
    assert json.loads(moved.stdout)["revision"] == 3

    (home / "weir.yaml").write_text(f'store: "{database}"\n')
    assert weir(home, "get", "all", "-o", "yaml").stdout == before
    assert weir(home, "history", "secret", "database", "-o", "csv").stdout == history
    # The secret still opens: the same manifest changes nothing.
    again = weir(home, "apply", "-f", "-", "-o", "csv", text=MANIFEST.replace("acl: r", "acl: rw"))
    assert "unchanged" in again.stdout

    with serving.serving(home):
        status = json.loads(weir(home, "status", "-o", "json").stdout)
        assert status["store"] == "postgres"
        assert database not in weir(home, "config", "view").stdout, "it may hold a password"

    # What is there is not written over.
    (home / "weir.yaml").unlink()
    refused = weir(home, "control", "migrate", "--to", database, code=5)
    assert "holds a control store at revision 3" in refused.stderr


def test_a_home_that_a_server_has_is_not_moved(tmp_path, database):
    with serving.serving(tmp_path / "home") as server:
        refused = weir(server.home, "control", "migrate", "--to", database, code=5)
        assert str(server.process.pid) in refused.stderr


def test_a_target_that_cannot_be_reached_is_exit_8(tmp_path):
    home = tmp_path / "home"
    weir(home, "get", "all")
    weir(home, "control", "migrate", "--to", "postgres://127.0.0.1:1/none", code=8)
    weir(home, "control", "migrate", "--to", "mysql://127.0.0.1/none", code=2)
