"""The activation slip's QR code."""

import re

import segno

from app.web.codes import QUIET, qr_path


def test_the_drawn_code_is_the_qr_code_of_the_address() -> None:
    address = "https://example.org/activation#ABCD-EFGH-IJKL-MNOP"
    path, size = qr_path(address)
    matrix = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    drawn = [[0] * len(matrix) for _ in matrix]
    for x, y, run in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path):
        for dark in range(int(x), int(x) + int(run)):
            drawn[int(y) - QUIET][dark - QUIET] = 1
    assert drawn == matrix
    assert size == len(matrix) + 2 * QUIET
