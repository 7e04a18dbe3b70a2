"""Whatever the code writes into the audit trail or into postings has a word: the act, its subject, each detail."""

import ast
from collections.abc import Iterator

from app.ops.settings import ROOT
from app.web.acts import ACTS
from app.web.admin.words import ACTIONS, DETAILS, SUBJECTS

ACTION, SUBJECT, DETAIL = 2, 3, 6


def called(name: str) -> Iterator[list[ast.expr]]:
    """Give the arguments of every call of a function."""
    for file in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name:
                yield node.args


def literals(place: int, name: str = "audit") -> set[str]:
    """Give what stands written out at a place of calls, by default of those that append to the trail."""
    there = (call[place] for call in called(name) if len(call) > place)
    return {str(one.value) for one in there if isinstance(one, ast.Constant)}


def test_every_act_and_subject_has_its_word() -> None:
    assert literals(ACTION) >= {"session.close", "ledger.rebuild"}
    assert literals(ACTION) <= set(ACTIONS)
    assert literals(SUBJECT) <= set(SUBJECTS)


def test_every_detail_that_is_written_out_has_its_word() -> None:
    written = [call[DETAIL] for call in called("audit") if len(call) > DETAIL]
    names = {ast.literal_eval(key) for one in written if isinstance(one, ast.Dict) for key in one.keys if key}
    assert "people" in names
    assert names <= set(DETAILS)


def test_every_kind_of_posting_has_its_word() -> None:
    kinds = literals(2, "open_posting")
    assert kinds >= {"plan", "session", "exam"}
    assert kinds <= set(ACTS)
