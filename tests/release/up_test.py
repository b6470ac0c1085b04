"""`./dev up` and `./dev down`, on a home of their own."""

import os
import pathlib
import re
import socket
import subprocess
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIRST_PORT = 8080


@pytest.fixture
def home(tmp_path):
    yield tmp_path / ".weir"
    dev("down", tmp_path / ".weir")


def dev(command: str, home: pathlib.Path) -> str:
    done = subprocess.run(
        [ROOT / "dev", command],
        env={**os.environ, "WEIR_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def address_in(output: str) -> str:
    found = re.search(r"http://(127\.0\.0\.1:\d+)/", output)
    assert found, output
    return found.group(1)


def is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{address}/readyz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_up_serves_tells_where_and_can_be_repeated_and_down_too(home):
    first = dev("up", home)
    address = address_in(first)
    assert is_ready(address)
    assert (home / "run" / "token").stat().st_mode & 0o077 == 0
    token = (home / "run" / "token").read_text().strip()
    assert token not in first
    for word in ("sign-in", "run/token", "A tour", "/api/openapi.json"):
        assert word in first

    take_the_tour(first, home.parent)

    assert address_in(dev("up", home)) == address

    assert "Stopped" in dev("down", home)
    assert not is_ready(address)
    assert "Nothing" in dev("down", home)


def take_the_tour(printed: str, place: pathlib.Path) -> None:
    """Runs the text as a person would who copies all of it, where `./dev up` was called."""
    for name in (".deps", "build"):
        (place / name).symlink_to(ROOT / name)
    text = printed[printed.index("export PATH=") :]
    environment = {name: value for name, value in os.environ.items() if name[:5] != "WEIR_"}
    done = subprocess.run(
        ["bash", "-e"],
        input=text,
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for word in ("known-airline", "335220", "group by", "CHECKED"):
        assert word in done.stdout, done.stdout


def test_a_busy_port_moves_to_the_next_free_one(home):
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            holder.bind(("127.0.0.1", FIRST_PORT))
            holder.listen()
        except OSError:
            pass  # somebody else holds it, which serves as well
        output = dev("up", home)
        address = address_in(output)
        assert int(address.split(":")[1]) > FIRST_PORT
        assert f"Port {FIRST_PORT} is in use" in output
        assert is_ready(address)
