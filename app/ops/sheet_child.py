"""Reads an .xls from standard input in a process of its own and writes its cells as JSON.

The old format's reader allocates every sheet's whole rectangle before anybody may look, so a file of 6 kB can ask for
10 GB: here that ends this process and not the server.
"""

import io
import json
import resource
import sys
from typing import Final

from python_calamine import CalamineWorkbook

from app.ops.sheet_books import cells, plain, visible
from app.ops.sheet_guard import CELLS_LIMIT

MEMORY: Final = 2 << 30
CPU_SECONDS: Final = 50


def main() -> None:
    """Read, bounded; any failure is a non-zero exit with the exception's name on standard error."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    grids = []
    for _, sheet in visible(book):
        if sheet.total_height * sheet.total_width > CELLS_LIMIT:
            sys.exit("a cell stands far outside the table")
        grids.append(cells(sheet))
    json.dump(grids, sys.stdout, default=plain)


if __name__ == "__main__":
    main()
