"""`weir serve` as those around it see it: clients, systemd, an operator, a second process."""

import os
import pathlib
import re
import shutil
import signal
import socket
import stat
import subprocess
import time

import pytest
import serving

HOMES = pathlib.Path(__file__).resolve().parents[1] / "fixtures" / "homes"


def weir(
    *arguments, home: pathlib.Path | None = None, **environment
) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WEIR_")}
    if home is not None:
        environment["WEIR_HOME"] = str(home)
    return subprocess.run(
        [serving.program(), *arguments],
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def curl(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "20", *arguments],
        capture_output=True,
        text=True,
    )


def mode_of(path: pathlib.Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_health_is_anonymous_and_the_rest_needs_the_token(tmp_path):
    with serving.serving(tmp_path / "home") as server:
        for path in ("/healthz", "/readyz"):
            assert curl(server.address + path).stdout.strip() == "ok"
        for path in ("/metrics", "/api/status", "/", "/api/openapi.json", "/nowhere"):
            code = curl("-o", "/dev/null", "-w", "%{http_code}", server.address + path).stdout
            assert code == "401", path
        credential = f"Authorization: Bearer {server.token}"
        assert '"version"' in curl("-H", credential, server.address + "/api/status").stdout
        wrong = f"Authorization: Bearer {'0' * 64}"
        code = curl(
            "-o", "/dev/null", "-w", "%{http_code}", "-H", wrong, f"{server.address}/api/status"
        )
        assert code.stdout == "401"


def test_the_token_and_the_socket_are_the_owners_alone(tmp_path):
    with serving.serving(tmp_path / "home") as server:
        run = server.home / "run"
        assert mode_of(run) == 0o700
        assert mode_of(run / "token") == 0o600
        assert mode_of(run / "weir.sock") == 0o600
        assert (run / "pid").read_text().strip() == str(server.process.pid)
        answer = curl("--unix-socket", run / "weir.sock", "http://weir/api/status")
        assert '"version"' in answer.stdout, "the socket needs no token"


def test_the_token_stays_the_same_over_a_restart(tmp_path):
    with serving.serving(tmp_path / "home") as server:
        token = server.token
    with serving.serving(tmp_path / "home") as server:
        assert server.token == token


def test_nothing_of_a_run_is_left_after_it(tmp_path):
    with serving.serving(tmp_path / "home") as server:
        pass
    assert not (server.home / "run" / "weir.sock").exists()
    assert not (server.home / "run" / "pid").exists()


def test_a_home_deeper_than_socket_addresses_reach_has_a_socket_too(tmp_path):
    home = tmp_path / ("deep" * 15) / ("deeper" * 15)
    home.parent.mkdir(parents=True)
    with serving.serving(home):
        status = weir("status", "-o", "json", home=home)
        assert status.returncode == 0, status.stderr
        assert '"phase": "ready"' in status.stdout


def test_a_killed_server_is_no_hindrance_to_the_next(tmp_path):
    first = serving.Server(tmp_path / "home")
    first.wait_until_ready()
    first.kill()
    assert (tmp_path / "home" / "run" / "weir.sock").exists()
    # A command does not mistake the socket for a server.
    assert weir("get", "workspaces", home=tmp_path / "home").returncode == 0
    with serving.serving(tmp_path / "home"):
        pass


def test_a_busy_port_is_exit_8_and_names_its_holder(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        served = weir("serve", "--listen", address, home=tmp_path / "home")
    assert served.returncode == 8
    assert f"(pid {os.getpid()})" in served.stderr
    assert address in served.stderr


def test_a_second_server_on_a_home_names_the_first(tmp_path):
    with serving.serving(tmp_path / "home") as server:
        second = weir("serve", "--listen", "127.0.0.1:0", home=server.home)
        assert second.returncode == 5
        assert str(server.process.pid) in second.stderr


def test_a_home_of_a_newer_format_is_refused_and_left_alone(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "format").write_text("999\n")
    served = weir("serve", "--listen", "127.0.0.1:0", home=home)
    assert served.returncode == 1
    assert "999" in served.stderr
    assert weir("get", "all", home=home).returncode == 1
    assert (home / "format").read_text() == "999\n"
    assert not (home / "control.db").exists()


@pytest.mark.parametrize("fixture", sorted(HOMES.glob("format-*")), ids=lambda path: path.name)
def test_a_home_of_every_released_format_opens(fixture, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(fixture, home)
    # What git does not keep.
    for path in [home / "keys", *(home / "keys").iterdir()]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    listed = weir("get", "all", "-o", "name", home=home)
    assert listed.returncode == 0, listed.stderr
    assert {"workspace/public", "workspace/team", "secret/database"} <= set(listed.stdout.split())
    secret = weir("history", "secret", "database", "-o", "csv", home=home)
    assert len(secret.stdout.splitlines()) == 3, "two versions"
    # The key still opens what was sealed: the same value is no change.
    manifest = fixture.parent / "database.yaml"
    applied = weir("apply", "-f", manifest, "-o", "csv", home=home)
    assert "unchanged" in applied.stdout, applied.stderr


def test_a_running_request_is_finished_before_the_server_stops(tmp_path):
    server = serving.Server(tmp_path / "home")
    server.wait_until_ready()
    connection = server.connection()
    body = b'{"documents": []}'
    connection.putrequest("POST", "/api/diff")
    connection.putheader("Authorization", f"Bearer {server.token}")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders()
    connection.send(body[:5])
    time.sleep(0.2)  # the server has begun to read
    server.process.send_signal(signal.SIGTERM)
    while not server.events("draining"):
        time.sleep(0.01)
    connection.send(body[5:])
    answer = connection.getresponse()
    assert answer.status in (200, 400), "answered, whatever it thinks of the request"
    answer.read()
    assert server.wait_until_ended() == 0


def test_a_second_signal_does_not_wait_for_the_drain(tmp_path):
    server = serving.Server(tmp_path / "home")
    server.wait_until_ready()
    connection = server.connection()
    connection.putrequest("POST", "/api/diff")
    connection.putheader("Authorization", f"Bearer {server.token}")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", "1000")
    connection.endheaders()
    connection.send(b"{")
    time.sleep(0.2)
    server.process.send_signal(signal.SIGTERM)
    while not server.events("draining"):
        time.sleep(0.01)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(10) == -signal.SIGTERM
    server.kill()


def test_stop_and_interrupt_end_it_well(tmp_path):
    for stop in (
        lambda server: weir("stop", home=server.home).check_returncode(),
        lambda server: server.process.send_signal(signal.SIGINT),
    ):
        server = serving.Server(tmp_path / "home")
        server.wait_until_ready()
        stop(server)
        assert server.process.wait(20) == 0
        server.kill()


def test_the_service_manager_hears_of_start_and_stop(tmp_path):
    server = serving.Server(tmp_path / "home")
    server.wait_until_ready()  # READY=1
    server.process.send_signal(signal.SIGTERM)
    server.notices.settimeout(20)
    assert server.notices.recv(4096) == b"STOPPING=1"
    assert server.wait_until_ended() == 0


def test_beyond_loopback_it_listens_with_tls_only(tmp_path):
    served = weir("serve", "--listen", "0.0.0.0:0", home=tmp_path / "home")
    assert served.returncode == 2
    assert "TLS" in served.stderr


def test_self_signed_tls_is_made_once_and_kept(tmp_path):
    flags = ("--listen", "127.0.0.1:0", "--tls-self-signed", "true")
    fingerprints = set()
    for _ in range(2):
        with serving.serving(tmp_path / "home", *flags) as server:
            assert server.address.startswith("https://")
            assert curl(f"{server.address}/healthz").returncode == 60, "nobody vouches for it"
            assert curl("--insecure", f"{server.address}/healthz").stdout.strip() == "ok"
            fingerprints.add(fingerprint_of(server))
    assert len(fingerprints) == 1


def fingerprint_of(server: serving.Server) -> str:
    address = server.address.split("//")[1]
    shown = subprocess.run(
        ["openssl", "s_client", "-connect", address], input="", capture_output=True, text=True
    ).stdout
    certificate = re.search(r"-----BEGIN.*?END CERTIFICATE-----", shown, re.DOTALL).group()
    return subprocess.run(
        ["openssl", "x509", "-noout", "-fingerprint", "-sha256"],
        input=certificate, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def make_certificate(directory: pathlib.Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", directory / "key.pem", "-out", directory / "certificate.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    (directory / "key.pem").chmod(0o600)


def test_certificates_are_read_again_without_a_restart(tmp_path):
    make_certificate(tmp_path)
    certificate = tmp_path / "certificate.pem"
    flags = ("--listen", "127.0.0.1:0", "--tls-certificate", certificate,
             "--tls-key", tmp_path / "key.pem")  # fmt: skip
    with serving.serving(tmp_path / "home", *flags) as server:
        url = f"{server.address}/healthz"
        assert curl("--cacert", certificate, url).stdout.strip() == "ok"
        before = fingerprint_of(server)
        make_certificate(tmp_path)
        server.process.send_signal(signal.SIGHUP)
        while not server.events("reloaded"):
            time.sleep(0.01)
        assert fingerprint_of(server) != before
        assert curl("--cacert", certificate, url).stdout.strip() == "ok"
        # A pair that is no pair changes nothing.
        certificate.write_text("no certificate\n")
        server.process.send_signal(signal.SIGHUP)
        while not server.events("tls_reload_failed"):
            time.sleep(0.01)
        assert curl("--insecure", url).stdout.strip() == "ok"


def test_the_log_level_follows_the_file_on_sighup(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "weir.yaml").write_text("log: {level: info}\n")
    with serving.serving(home) as server:
        assert weir("log-level", home=home).stdout == "info\n"
        (home / "weir.yaml").write_text("log: {level: debug}\n")
        server.process.send_signal(signal.SIGHUP)
        while not server.events("reloaded"):
            time.sleep(0.01)
        assert weir("log-level", home=home).stdout == "debug\n"
        assert weir("log-level", "warn", home=home).stdout == "warn\n"


def test_a_wrong_configuration_is_refused_before_anything_is_made(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "weir.yaml").write_text("lisen: 127.0.0.1:0\n")
    served = weir("serve", home=home)
    assert served.returncode == 2
    assert "lisen" in served.stderr
    assert "listen" in served.stderr
    assert sorted(path.name for path in home.iterdir()) == ["weir.yaml"]


def test_a_home_that_cannot_be_written_is_told_as_such(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    served = weir("serve", "--listen", "127.0.0.1:0", home=file)
    assert served.returncode != 0
    assert str(file) in served.stderr
    assert "--home" in served.stderr
