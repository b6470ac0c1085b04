"""A dataset that Kamu wrote travels: from a directory, over HTTP and S3, and back, byte by byte."""

import contextlib
import filecmp
import functools
import http.server
import json
import pathlib
import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import moto.server
import pytest
import serving
import werkzeug.serving

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "data/odf/kamu-dataset/population"
S3_KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}


ENVIRONMENT = {"PATH": "/usr/bin:/bin", **S3_KEYS}

weir = functools.partial(serving.weir, environment=ENVIRONMENT)
answer = functools.partial(serving.answer, environment=ENVIRONMENT)


def same_files(one: pathlib.Path, other: pathlib.Path) -> bool:
    names = sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(other) for p in other.rglob("*") if p.is_file())
    return all(filecmp.cmp(one / name, other / name, shallow=False) for name in names)


@contextlib.contextmanager
def listening(handler) -> Iterator[str]:
    """Serves on a port of its own; gives the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


class Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class BadDay(Files):
    """Every second request fails, and every third answer of the others is cut off."""

    asked = 0

    def do_GET(self):
        BadDay.asked += 1
        if BadDay.asked % 2 == 0:
            self.send_error(503)
        elif BadDay.asked % 3 == 0:
            content = pathlib.Path(self.translate_path(self.path)).read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
        else:
            super().do_GET()


class Throttling:
    """An S3 server that turns every third request away."""

    def __init__(self) -> None:
        self.app = moto.server.DomainDispatcherApplication(moto.server.create_backend_app)
        self.asked = 0

    def __call__(self, environ, start_response):
        self.asked += 1
        if self.asked % 3:
            return self.app(environ, start_response)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response("503 Slow Down", [("Content-Type", "application/xml")])
        return [b"<Error><Code>SlowDown</Code><Message>slow down</Message></Error>"]


@pytest.fixture(scope="module")
def s3() -> Iterator[int]:
    """The port of an S3 server with a bucket `lake`."""
    server = moto.server.ThreadedMotoServer(port=0)
    server.start()
    port = server.get_host_and_port()[1]
    bucket = urllib.request.Request(f"http://127.0.0.1:{port}/lake", method="PUT")
    urllib.request.urlopen(bucket).close()
    yield port
    server.stop()


def test_a_foreign_dataset_is_pulled_and_pushed_as_it_was(tmp_path):
    home = tmp_path / "home"
    pulled = answer(home, "pull", f"file://{GOLDEN}", "--as", "population")
    assert (pulled["blocks"], pulled["objects"], pulled["isNew"]) == (9, 2, True)
    assert answer(home, "verify", "population")[0]["records"] == 9
    weir(home, "push", "population", tmp_path / "copy")
    assert same_files(GOLDEN, tmp_path / "copy")


def test_it_comes_over_http(tmp_path):
    home = tmp_path / "home"
    with listening(functools.partial(Files, directory=GOLDEN)) as address:
        weir(home, "pull", address, "--as", "population")
        assert answer(home, "verify", "population")[0]["blocks"] == 9
        assert answer(home, "verify", address)[0]["bytes"] == 4003
        assert answer(home, "pull", "population")["blocks"] == 0, "it knows where it came from"
        weir(home, "push", "population", address + "/other", code=1)
    weir(home, "push", "population", tmp_path / "copy")
    assert same_files(GOLDEN, tmp_path / "copy")


def test_it_comes_over_http_on_a_bad_day(tmp_path):
    home = tmp_path / "home"
    with listening(functools.partial(BadDay, directory=GOLDEN)) as address:
        weir(home, "pull", address, "--as", "population")
    assert answer(home, "verify", "population")[0]["records"] == 9


def test_what_is_damaged_over_http_does_not_come(tmp_path):
    damaged = tmp_path / "there"
    shutil.copytree(GOLDEN, damaged)
    victim = sorted((damaged / "data").iterdir())[0]
    content = bytearray(victim.read_bytes())
    content[500] ^= 4
    victim.write_bytes(content)
    home = tmp_path / "home"
    with listening(functools.partial(Files, directory=damaged)) as address:
        refused = weir(home, "pull", address, "--as", "population", code=7)
        assert victim.name in refused.stderr
        found = weir(home, "verify", address, code=7)
        assert victim.name in found.stderr and "block f1620" in found.stderr
    assert json.loads(weir(home, "get", "datasets", "-o", "json").stdout) == []
    # What had come is of use when the repository is whole again.
    victim.write_bytes((GOLDEN / "data" / victim.name).read_bytes())
    weir(home, "pull", damaged, "--as", "population")
    assert answer(home, "verify", "population")[0]["records"] == 9


def test_it_goes_to_s3_and_comes_back(tmp_path, s3):
    first, second = tmp_path / "first", tmp_path / "second"
    url = f"s3://lake/population?endpoint=http://127.0.0.1:{s3}"
    weir(first, "pull", GOLDEN, "--as", "population")
    weir(first, "push", "population", url)
    assert answer(second, "verify", url)[0]["bytes"] == 4003
    weir(second, "pull", f"s3+http://127.0.0.1:{s3}/lake/population", "--as", "again")
    weir(second, "push", "again", tmp_path / "copy")
    (tmp_path / "copy/info/alias").write_text("population")
    assert same_files(GOLDEN, tmp_path / "copy")


def test_s3_may_throttle(tmp_path, s3):
    first, second = tmp_path / "first", tmp_path / "second"
    throttling = Throttling()
    server = werkzeug.serving.make_server("127.0.0.1", 0, throttling, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    # Servers of one process share their buckets.
    url = f"s3://lake/throttled?endpoint=http://127.0.0.1:{server.server_port}"
    weir(first, "pull", GOLDEN, "--as", "population")
    weir(first, "push", "population", url)
    weir(second, "pull", url, "--as", "population")
    server.shutdown()
    thread.join()
    assert throttling.asked > 30
    assert answer(second, "verify", "population")[0]["records"] == 9


def test_a_server_pulls_for_its_owner_and_nothing_private_for_others(tmp_path):
    home = tmp_path / "home"
    with serving.serving(home) as server:
        weir(home, "pull", GOLDEN, "--as", "population")
        assert answer(home, "verify", "population")[0]["records"] == 9
        request = urllib.request.Request(
            f"{server.address}/api/datasets/secrets/pull",
            data=json.dumps({"url": "/etc"}).encode(),
            headers={
                "Authorization": f"Bearer {server.token}",
                "Content-Type": "application/json",
            },
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        assert refused.value.code == 403
