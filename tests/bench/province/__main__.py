"""The command line of the benchmark at province size."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from signal import SIGTERM, sigwait

from tests.bench.province import whole
from tests.bench.province.base import opened
from tests.bench.province.engine import kept_server
from tests.bench.province.growth import SIZES, growth, postgres_urls, sqlite_urls
from tests.bench.province.make import make
from tests.bench.province.report import SECTIONS, explain, report
from tests.support.serving import ROOT

KEPT = ROOT / ".cache" / "bench" / "province"


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; 1 when some bar is missed."""
    asked = _parser().parse_args(arguments)
    say = partial(print, flush=True)
    if asked.command == "make":
        make(asked.url, asked.assignments, say)
    elif asked.command == "report":
        return int(report(asked.url, _sections(asked.sections, server=asked.server)) > 0)
    elif asked.command == "growth":
        sizes = asked.sizes or SIZES
        growth(postgres_urls(asked.server, sizes) if asked.server else sqlite_urls(asked.dir, sizes), sizes)
    elif asked.command == "explain":
        explain(asked.url, asked.part)
    elif asked.command == "project":
        with opened(asked.url) as base:
            whole.project(base)
    else:
        with kept_server(asked.dir / "pg", asked.port) as url:
            say(url)
            sigwait([SIGTERM])
    return 0


def _sections(named: Sequence[str], *, server: bool) -> list[str]:
    unknown = [name for name in named if name not in SECTIONS]
    if unknown:
        raise SystemExit(f"Unknown: {', '.join(unknown)}. Sections: {', '.join(SECTIONS)}")
    return list(named) or [name for name in SECTIONS if server or name != "server"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.province")
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make", help="fill an empty database with facts")
    making.add_argument("--assignments", type=int, default=1_000_000)
    making.add_argument("--url", required=True)
    reporting = commands.add_parser("report", help="measure bases that were made")
    reporting.add_argument("sections", nargs="*", help=", ".join(SECTIONS))
    reporting.add_argument("--url", action="append", required=True)
    reporting.add_argument("--server", action="store_true", help="also through the running server")
    growing = commands.add_parser("growth", help="measure one size after the other")
    growing.add_argument("--dir", type=Path, default=KEPT)
    growing.add_argument("--server", default="", help="postgresql://... without a database; else SQLite files")
    growing.add_argument("--sizes", type=int, nargs="*")
    explaining = commands.add_parser("explain", help="show the slowest statements of readings")
    explaining.add_argument("part", help="a part of the reading's name")
    explaining.add_argument("--url", action="append", required=True)
    projecting = commands.add_parser("project", help="make the projections again")
    projecting.add_argument("--url", required=True)
    running = commands.add_parser("postgres", help="run a PostgreSQL server until it is told to end")
    running.add_argument("--dir", type=Path, default=KEPT)
    running.add_argument("--port", type=int, required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
