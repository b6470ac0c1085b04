"""Fuzzing: libFuzzer over every target of tests/fuzz, found inputs kept out of the tree."""

import pathlib

from dev import build, layering
from dev.steps import ROOT, Failure, run, say, step

FOLDER = ROOT / "tests" / "fuzz"
BRIEF_SECONDS = 10
BRIEF_RUNS = 50_000  # of a fixed seed, so that a change is judged by what it changed
# Clang's own symbolizer is a package of its own; addr2line comes with every linker.
SANITIZER_OPTIONS = "detect_container_overflow=0:external_symbolizer_path=/usr/bin/addr2line"


def fuzz(name: str | None = None, seconds: str = "60") -> None:
    if not seconds.isdigit() or int(seconds) == 0:
        raise Failure(f"`{seconds}` is no number of seconds")
    if name is not None and name not in names():
        raise Failure(f"no fuzzer `{name}`; there are {', '.join(names())}")
    run_fuzzers([name] if name else names(), int(seconds))


def briefly() -> None:
    """The short form, for `./dev test`; the suite `unit` replays the corpora every time."""
    run_fuzzers(names(), BRIEF_SECONDS, "-seed=1", f"-runs={BRIEF_RUNS}")


def names() -> list[str]:
    return sorted(target.name for target in layering.targets_of(FOLDER / "CMakeLists.txt"))


def run_fuzzers(chosen: list[str], seconds: int, *options: str) -> None:
    build.build("fuzz", *(f"fuzz_{name}" for name in chosen))
    for name in chosen:
        with step(f"fuzz {name}"):
            run_fuzzer(name, seconds, *options)
    say(f"fuzz: {len(chosen)} fuzzers, at most {seconds} s each, no findings")


def run_fuzzer(name: str, seconds: int, *options: str) -> None:
    found = build.folder_of("fuzz") / "corpus" / name
    findings = build.folder_of("fuzz") / "findings" / name
    for folder in (found, findings):
        folder.mkdir(parents=True, exist_ok=True)
    log = findings.parent / f"{name}.log"
    try:
        run(
            build.folder_of("fuzz") / "tests" / "fuzz" / f"fuzz_{name}",
            *(
                f"-max_total_time={seconds}",
                "-timeout=10",
                "-rss_limit_mb=2048",
                "-print_final_stats=1",
                *options,
            ),
            *(f"-artifact_prefix={findings}/", found, FOLDER / "corpus" / name),
            env={"ASAN_OPTIONS": SANITIZER_OPTIONS},
            log=log,
        )
    except Failure as failure:
        raise Failure(f"{name}: {failure}\nThe input is in {findings.relative_to(ROOT)}/") from None
    say(f"fuzz {name}: {executions(log)} inputs")


def executions(log: pathlib.Path) -> str:
    for line in log.read_text(errors="replace").splitlines():
        if line.startswith("stat::number_of_executed_units:"):
            return line.split()[-1]
    return "no"
