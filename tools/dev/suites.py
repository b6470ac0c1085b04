"""The tests: suites in the order in which they most cheaply say that something is wrong."""

import os
import pathlib
from collections.abc import Callable

from dev import build, checks, fuzz, package
from dev.steps import ROOT, Failure, run, say, step

CPUS = os.cpu_count() or 2

# libarrow and libduckdb are not instrumented, so AddressSanitizer cannot follow their containers.
SANITIZERS = {
    "ASAN_OPTIONS": "detect_container_overflow=0:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


def test(name: str | None = None) -> None:
    """Runs every suite, or one; all of them run, and the command fails if any did."""
    suites = known_suites()
    if name is not None and name not in suites:
        raise Failure(f"no suite `{name}`; there are {', '.join(suites)}")
    chosen = {name: suites[name]} if name else suites
    outcomes = {suite: passed(suite, run_suite) for suite, run_suite in chosen.items()}
    for suite, fine in outcomes.items():
        say(f"{suite:<10} {'passed' if fine else 'FAILED'}")
    if not all(outcomes.values()):
        raise Failure("a suite failed")


def passed(suite: str, run_suite: Callable[[], None]) -> bool:
    say(f"== {suite}")
    try:
        with step(f"suite {suite}"):
            run_suite()
    except Failure as failure:
        say(f"{suite}: {failure}")
        return False
    return True


def known_suites() -> dict[str, Callable[[], None]]:
    """The C++ tests, every folder of tests/ with Python tests in it, and the checks; what takes a
    build of its own comes last."""
    suites: dict[str, Callable[[], None]] = {"lint": checks.quick, "unit": unit}
    for folder in python_suites():
        suites[folder.name] = lambda folder=folder: python(folder)
    return {**suites, "release": release, "models": models, "tsan": tsan, "fuzz": fuzz.briefly}


def unit() -> None:
    build.build("dev")
    ctest("dev")


def models() -> None:
    """What is random, ten thousand times over: in release, where a case is quick."""
    build.build("release", "pipelines_derive_test")
    ctest("release", "--build-config", "models", "--label-regex", "^models$")


def tsan() -> None:
    build.build("tsan", "tsan_tests")
    ctest("tsan", "--label-regex", "^tsan$")


def ctest(preset: str, *options: str) -> None:
    with step(f"run ctest of {preset}"):
        run(
            *("ctest", "--test-dir", build.folder_of(preset), "--parallel", CPUS),
            *("--output-on-failure", "--no-tests=error", *options),
            env=SANITIZERS,
        )


def python_suites() -> list[pathlib.Path]:
    folders = (path for path in sorted((ROOT / "tests").iterdir()) if path.is_dir())
    return [
        path
        for path in folders
        if path.name != "release" and [*path.rglob("test_*.py"), *path.rglob("*_test.py")]
    ]


def python(folder: pathlib.Path, preset: str = "dev") -> None:
    """Runs a folder of Python tests against the program of a preset."""
    build.build(preset, "weir")
    run(
        *(ROOT / ".deps" / "python" / "bin" / "pytest", "-q", "--numprocesses", CPUS, folder),
        env={**SANITIZERS, "TEST_PROGRAM": str(build.program(preset))},
    )


def release() -> None:
    """What users get: `./dev up` and the packages."""
    python(ROOT / "tests" / "release", "release")
    package.test_packages()
