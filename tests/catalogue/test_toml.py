"""Lines of TOML: every key and table is found where it stands, whatever strings and comments pretend."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.toml import Lines, Strict, read_toml

KEYS = st.sampled_from(["id", "stem", "right", "note"])
VALUES = st.sampled_from(
    [
        "1",
        '"x = 1"',
        '"""\nid = 2\n[[item]]\n"""',
        "'''\n[t]\n'''",
        '[\n  "id = 3", # note = 4\n  "[t]",\n]',
        '"a" # id = 5',
    ]
)
TABLES = st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), max_size=5)


@given(TABLES)
def test_every_key_is_found_where_it_stands(tables: list[dict[str, str]]) -> None:
    lines: list[str] = []
    expected: dict[tuple[Any, ...], int] = {}
    for index, table in enumerate(tables):
        expected["item", index] = len(lines) + 1
        lines.append("[[item]]")
        for key, value in table.items():
            expected["item", index, key] = len(lines) + 1
            lines += f"{key} = {value}".split("\n")
    found = Lines("\n".join(lines))
    assert {path: found.of(*path) for path in expected} == expected


def test_nested_tables_belong_to_the_latest_of_their_array() -> None:
    lines = Lines("[[p]]\n[[p.q]]\nz = 1\n[[p.q]]\n[[p]]\n[[p.q]]\nz = 2\n[p.t]\nu.v = 3\n")
    assert [lines.of("p", 0, "q", 0, "z"), lines.of("p", 0, "q", 1), lines.of("p", 1, "q", 0, "z")] == [3, 4, 7]
    assert lines.of("p", 1, "t", "u", "v") == 9


def test_an_absent_key_is_shown_at_its_table() -> None:
    lines = Lines("a = 1\n[[item]]\nid = 1\n")
    assert (lines.of("item", 0, "stem"), lines.of("nothing"), lines.of("item", 7)) == (2, 1, 1)


class Shape(Strict):
    size: int


def test_syntax_bytes_and_shape_are_refused_with_their_line() -> None:
    def said(data: bytes) -> list[tuple[int | None, str]]:
        return [(e.line, e.code) for e in read_toml("f", data, Shape)[2]]

    assert said(b"size = 1\n") == []
    assert said(b"\nsize = \n") == [(2, "toml")]
    assert said(b"size = 1\nsize = 2\n") == [(2, "toml")]
    assert said(b"size = [1,\n") == [(2, "toml")]
    assert said(b"\n\nsize = '\xff'\n") == [(3, "encoding")]
    assert said(b"\nsize = '1'\ncolour = 2\n") == [(2, "bad_value"), (3, "unknown_key")]
    assert said(b"\n") == [(1, "missing_key")]
