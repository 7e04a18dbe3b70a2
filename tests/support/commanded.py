"""Runs one `coverall` command when told to: everything is loaded, `ready` is said, then a line on stdin starts it."""

import sys

from app.cli import main

if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    main()
