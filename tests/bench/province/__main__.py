"""The command line of the benchmark at province size."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from tests.bench.province.make import make


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; 1 when some bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.province")
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make", help="fill an empty database with facts")
    making.add_argument("--assignments", type=int, default=1_000_000)
    making.add_argument("--url", required=True)
    asked = parser.parse_args(arguments)
    say = partial(print, flush=True)
    make(asked.url, asked.assignments, say)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
