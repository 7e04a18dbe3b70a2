"""Dated facts of an enterprise: what has to be recorded so that an attribute has a value from a day on. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.organisations.queries import FactRow, value_on

REGION: Final = "region"
INDUSTRY: Final = "industry"
HAZARDOUS_LICENCE: Final = "hazardous_licence"
KEY_INDUSTRY: Final = "key_industry"
KEY_ENTERPRISE: Final = "key_enterprise"
SIZE: Final = "size"
INSURED: Final = "insured"
NOT_APPLICABLE: Final = "not_applicable"
CLOSED_ON: Final = "closed_on"


@dataclass(frozen=True)
class FactChange:
    """A fact to record; `supersedes` is the id of the one of the same day that it corrects."""

    enterprise_id: int
    attribute: str
    value: str
    effective_on: date
    supersedes: int | None = None


def restated(
    known: Sequence[FactRow], enterprise_id: int, attribute: str, value: str, effective_on: date, *, dated: bool
) -> FactChange | None:
    """Give what to record so that `value` holds from a day until the attribute's next day; None when it does already.

    A value whose day was stated (`dated`) is a fact of that day even where it repeats what held before: something
    recorded later for an earlier day must not run over it. An empty value is the same as none recorded yet.
    """
    same_day = [row for row in known if row.attribute == attribute and row.effective_on == effective_on]
    if (value_on(known, attribute, effective_on) or "") == value and (same_day or not dated or not value):
        return None
    return FactChange(enterprise_id, attribute, value, effective_on, same_day[-1].id if same_day else None)
