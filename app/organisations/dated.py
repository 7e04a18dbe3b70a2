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
    known: Sequence[FactRow], enterprise_id: int, attribute: str, value: str, effective_on: date
) -> FactChange | None:
    """Give what to record so that `value` holds from a day until the attribute's next day; None when it does already.

    An empty value is the same as none recorded yet.
    """
    if (value_on(known, attribute, effective_on) or "") == value:
        return None
    same_day = [row.id for row in known if row.attribute == attribute and row.effective_on == effective_on]
    return FactChange(enterprise_id, attribute, value, effective_on, same_day[-1] if same_day else None)
