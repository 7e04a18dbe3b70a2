"""Reads the answer to a question out of a form; exams and practice show questions with the same fields."""

from starlette.datastructures import FormData

from app.assessment.answers import Choice, Chosen
from app.catalogue.item import WRITTEN

MOST_PARTS = 9


def chosen_of(form: FormData, place: int) -> Chosen:
    """Read an answer in the way of its kind, which k0.. says with the parts of a case; without it, it is a choice.

    ValueError when a choice is no number.
    """
    kind, _, parts = str(form.get(f"k{place}", "")).partition(" ")
    if kind in WRITTEN:
        return str(form.get(f"q{place}", ""))
    if kind == "case":
        return tuple(_places(form, f"q{place}p{part}") for part in range(min(int(parts), MOST_PARTS)))
    return _places(form, f"q{place}")


def _places(form: FormData, name: str) -> Choice:
    return tuple(int(str(value)) for value in form.getlist(name))
