"""Benches: built in release, run one after the other, their rows made into a page each.

bench/README.md says what a bench is and what it writes.
"""

import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import tempfile

from dev import build
from dev.steps import ROOT, Failure, output_of, run, say, step

FOLDER = ROOT / "bench"
COLUMNS = ("what", "weir", "peer", "ratio", "bar", "met")


def bench(name: str | None = None) -> None:
    known = names()
    if name is not None and name not in known:
        raise Failure(f"no bench `{name}`; there are {', '.join(known)}")
    chosen = [name] if name else list(known)
    targets = {f"bench_{each}" if known[each].suffix == ".cc" else "weir" for each in chosen}
    build.build("release", *sorted(targets))
    missed = []
    for each in chosen:
        rows = measure(each, known[each])
        page = page_of(each, rows)
        (FOLDER / "results").mkdir(exist_ok=True)
        (FOLDER / "results" / f"{each}.md").write_text(page)
        say(page)
        missed += [f"{each}: {row['what']}" for row in rows if not row["met"]]
    say(f"bench: {len(chosen)} benches, {len(missed)} bars missed")
    for line in missed:
        say(f"  missed: {line}")


def names() -> dict[str, pathlib.Path]:
    files = [*FOLDER.glob("*_bench.cc"), *FOLDER.glob("*_bench.py")]
    return {path.name.rsplit("_bench.", 1)[0]: path for path in sorted(files)}


def measure(name: str, source: pathlib.Path) -> list[dict]:
    with step(f"bench {name}"), tempfile.TemporaryDirectory(prefix="weir-bench-") as folder:
        out = pathlib.Path(folder) / "rows.jsonl"
        if source.suffix == ".cc":
            command = [build.folder_of("release") / "bench" / f"bench_{name}", "--out", out]
        else:
            python = ROOT / ".deps" / "python" / "bin" / "python"
            command = [python, source, "--out", out, "--weir", build.program("release")]
        run(*command, env={"TMPDIR": folder})
        rows = [json.loads(line) for line in out.read_text().splitlines() if line.strip()]
    for row in rows:
        lacking = [key for key in ("what", "weir", "bar", "met") if key not in row]
        if lacking:
            raise Failure(f"bench {name}: a row lacks {', '.join(lacking)}")
    return rows


def page_of(name: str, rows: list[dict]) -> str:
    lines = [f"# {name}", "", f"{today()}, {machine()}, commit {commit()}.", ""]
    lines += ["| what | weir | peer | ratio | bar | met |", "| --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        lines.append("| " + " | ".join(cell(row, column) for column in COLUMNS) + " |")
    notes = [f"- {row['what']}: {row['note']}" for row in rows if row.get("note")]
    return "\n".join(lines + (["", *notes] if notes else [])) + "\n"


def cell(row: dict, column: str) -> str:
    value = row.get(column)
    if value is None:
        return ""
    if column == "met":
        return "yes" if value else "**no**"
    if column == "ratio":
        return f"{value:.2f} x" if isinstance(value, float | int) else str(value)
    text = rounded(value)
    if column in ("weir", "peer") and row.get("unit"):
        text += f" {row['unit']}"
    if column == "peer" and row.get("peer_name"):
        text += f" ({row['peer_name']})"
    return text.replace("|", "\\|")


def rounded(value) -> str:
    if isinstance(value, bool) or not isinstance(value, float | int):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def commit() -> str:
    name = output_of("git", "rev-parse", "--short=12", "HEAD").strip()
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "src"], cwd=ROOT, check=False)
    return name + (" with changes" if changed.returncode else "")


def machine() -> str:
    """Cores, processor and memory; never a name or a path of the machine."""
    text = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    memory = re.search(r"MemTotal:\s+(\d+) kB", pathlib.Path("/proc/meminfo").read_text())
    gib = round(int(memory.group(1)) / 1024 / 1024)
    processor = model.group(1).strip() if model else platform.machine()
    return f"{os.cpu_count()} cores of {processor}, {gib} GiB of memory"
