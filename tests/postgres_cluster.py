"""A PostgreSQL cluster of a test's own, on a socket in a directory of its own."""

import contextlib
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The address of an empty database; it is gone afterwards."""
    # PostgreSQL does not run as root.
    user = "postgres" if os.geteuid() == 0 else None
    directory = pathlib.Path(tempfile.mkdtemp(prefix="weir-pg-"))
    if user:
        os.chown(directory, pwd.getpwnam(user).pw_uid, -1)

    def run(program: str, *arguments) -> None:
        done = subprocess.run(
            [PROGRAMS / program, "-D", directory / "data", *arguments],
            user=user,
            cwd=directory,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == 0, done.stderr

    try:
        run("initdb", "-U", "weir", "-A", "trust", "--no-sync")
        settings = f"-c listen_addresses= -c fsync=off -k {directory}"
        run("pg_ctl", "-w", "-l", directory / "log", "-o", settings, "start")
        try:
            yield f"postgres://weir@/postgres?host={directory}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(directory, ignore_errors=True)
