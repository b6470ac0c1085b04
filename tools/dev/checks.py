"""Checks of the text itself: layering of includes, layout, shell, Python, clang-tidy."""

import os
import pathlib
import subprocess

from dev import layering, tidy
from dev.steps import ROOT, Failure, run, say, step

RUFF = ROOT / ".deps" / "python" / "bin" / "ruff"
PYTHON_PLACES = ("dev", "tools", "tests", "bench")


def fmt() -> None:
    with step("format C++"):
        clang_format("-i")
    with step("format Python"):
        run(RUFF, "check", "--quiet", "--fix", "--select", "I", *python_places())
        run(RUFF, "format", "--quiet", *python_places())


def lint() -> None:
    """Every check; clang-tidy, the slow one, last."""
    failures = [failure for check in (quick, tidy.check) if (failure := failure_of(check))]
    if failures:
        raise Failure("\n".join(failures))


def quick() -> None:
    """The checks that take seconds, all of them even if one fails."""
    each = (include_layering, layout, shell, python)
    failures = [failure for check in each if (failure := failure_of(check))]
    if failures:
        raise Failure("\n".join(failures))
    say("lint: layering, layout, shell and Python are clean")


def failure_of(check) -> str | None:
    try:
        check()
    except Failure as failure:
        return str(failure)
    return None


def include_layering() -> None:
    with step("include layering"):
        wrong = layering.violations(ROOT)
    if wrong:
        raise Failure("\n".join([*wrong, f"layering: {len(wrong)} findings"]))


def layout() -> None:
    with step("layout of C++"):
        try:
            clang_format("--dry-run", "-Werror")
        except Failure:
            raise Failure("layout: `./dev fmt` would change the files above") from None


def shell() -> None:
    with step("shellcheck"):
        scripts = [path for path in files_of_tree() if is_shell_script(path)]
        if scripts:
            run("shellcheck", *scripts)


def python() -> None:
    with step("ruff"):
        run(RUFF, "check", "--quiet", *python_places())
        run(RUFF, "format", "--quiet", "--check", *python_places())


def clang_format(*options: str) -> None:
    sources = [str(path) for path in files_of_tree() if path.suffix in (".cc", ".h")]
    if not sources:
        return
    status = subprocess.run(
        ["xargs", "-0", "-P", str(os.cpu_count() or 2), "-n", "40", "clang-format-16", *options],
        input="\0".join(sources),
        text=True,
        cwd=ROOT,
        check=False,
    ).returncode
    if status != 0:
        raise Failure("clang-format-16 failed")


def files_of_tree() -> list[pathlib.Path]:
    """Files git knows or would take, so build outputs and what .gitignore names stay out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def is_shell_script(path: pathlib.Path) -> bool:
    if path.suffix == ".sh":
        return True
    if path.suffix:
        return False
    with path.open("rb") as file:
        first = file.readline(80)
    return first.startswith(b"#!") and first.rstrip().endswith((b"sh", b"bash"))


def python_places() -> list[str]:
    return [place for place in PYTHON_PLACES if (ROOT / place).exists()]
