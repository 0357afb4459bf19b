"""Tables of speed against peers, measured here and now."""

import argparse
import importlib
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

# Section to the module whose `measure()` gives its rows. Modules load on demand.
SECTIONS: Final = {
    "country": "tests.benchmarks.country",
    "desk": "tests.benchmarks.desk",
    "engine": "tests.benchmarks.engine",
    "replay": "tests.benchmarks.replay",
    "import": "tests.benchmarks.road_import",
    "reliability": "tests.benchmarks.reliability",
}
LIBRARIES: Final = ("numpy", "scipy", "networkx", "gravel-fragility")


@dataclass(frozen=True)
class Row:
    """One line of a table: what was asked, both times, the goal and whether it is met."""

    question: str
    ours: str
    peer: str
    goal: str
    met: bool | None
    note: str = ""


def main(argv: Sequence[str]) -> int:
    """Measure the sections named (all of them if none is) and print their tables.

    Returns
    -------
    int
        0 if all goals are met, 1 if one is missed.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measure the sections named, or all of them, and print their tables.",
    )
    parser.add_argument("section", nargs="*", help=f"of: {', '.join(SECTIONS)}")
    parser.add_argument(
        "--part",
        action="append",
        metavar="NAME",
        help="measure only this part of one section; of country: reading, engine, exports, page,"
        " naive, visitors",
    )
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="put the tables in this Markdown file, too"
    )
    options = parser.parse_args(argv)
    unknown = [name for name in options.section if name not in SECTIONS]
    if unknown:
        parser.error(f"no section {unknown[0]!r}; there are {', '.join(SECTIONS)}")
    if options.part:
        return int(_one_part(parser, options))
    missed = False
    for section in options.section or SECTIONS:
        rows = importlib.import_module(SECTIONS[section]).measure()
        told = table(rows)
        print(told, flush=True)
        missed |= any(row.met is False for row in rows)
        if options.write:
            text = options.write.read_text(encoding="utf-8")
            options.write.write_text(_placed(text, section, told), encoding="utf-8")
    return int(missed)


def _one_part(parser: argparse.ArgumentParser, options: argparse.Namespace) -> bool:
    """Measure and print parts of one section; whether a goal is missed."""
    if len(options.section) != 1 or options.write:
        parser.error("--part needs one section and goes without --write")
    module = importlib.import_module(SECTIONS[options.section[0]])
    parts = getattr(module, "PARTS", ())
    if unknown := [name for name in options.part if name not in parts]:
        known = ", ".join(parts) or "none"
        parser.error(f"no part {unknown[0]!r} of {options.section[0]}; there are {known}")
    rows = module.measure(options.part)
    print(table(rows), flush=True)
    return any(row.met is False for row in rows)


def table(rows: Sequence[Row]) -> str:
    """Rows as a Markdown table, with the machine and the day below."""
    lines = [
        "| question | here | peer | goal | met | note |",
        "|---|---|---|---|---|---|",
    ]
    met = {True: "yes", False: "no", None: ""}
    lines += [
        f"| {row.question} | {row.ours} | {row.peer} | {row.goal} | {met[row.met]} | {row.note} |"
        for row in rows
    ]
    return "\n".join([*lines, "", f"Measured on {datetime.now(UTC):%d %B %Y}: {machine()}."])


def machine() -> str:
    """Processor, cores, memory and versions, in one line."""
    cpu, memory = platform.processor() or platform.machine(), ""
    for path, key in (("/proc/cpuinfo", "model name"), ("/proc/meminfo", "MemTotal")):
        if Path(path).exists():
            lines = Path(path).read_text(encoding="utf-8").splitlines()
            value = next((line.split(":")[1].strip() for line in lines if key in line), "")
            if key == "MemTotal":
                memory = f", {int(value.split()[0]) / 2**20:.0f} GB"
            else:
                cpu = value or cpu
    parts = [f"{cpu}, {_cores()} cores{memory}", f"Python {platform.python_version()}"]
    for library in LIBRARIES:
        try:
            parts.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            parts.append(f"no {library}")
    return "; ".join(parts)


def seconds(value: float) -> str:
    """A time with three significant figures and its unit."""
    return (
        f"{value * 1e3:.3g} ms"
        if value < 1
        else f"{value:,.3g} s"
        if value < 1e3
        else (f"{value:,.0f} s")
    )


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _placed(text: str, section: str, told: str) -> str:
    """Return ``text`` with the part between a section's two marks replaced by ``told``."""
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    if begin not in text or end not in text:
        return f"{text.rstrip()}\n\n{begin}\n{told}\n{end}\n"
    before, rest = text.split(begin, 1)
    return f"{before}{begin}\n{told}\n{end}{rest.split(end, 1)[1]}"
