"""Where the rows behind settled figures are: the bureau's own lists, asked of the same day as known when it settled."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from app.access.scope import Viewer
from app.coverage.queries.settlements import Settled
from app.coverage.settlement_content import SettledRow
from app.kit.dates import SHANGHAI

Field = str | int | bool


@dataclass(frozen=True)
class Rows:
    """Addresses of rows of a plan in a region on a day, as known at an instant (None: now).

    personal: whether the reader may see names; else the enterprises stand for the people.
    """

    plan: str
    region: str
    on: str
    known_at: datetime | None
    personal: bool

    def whole(self, **where: Field) -> str:
        """Give the address of the figures themselves, with everything that they are made up of."""
        return self._address("/coverage", **where)

    def firms(self, **where: Field) -> str:
        """Give the address of a list of enterprises."""
        return self._address("/coverage/enterprises", **where)

    def people(self, held: str, **where: Field) -> str:
        """Give the address of a list of people: "covered", "waived", "missing" or '' for all required."""
        if not self.personal:
            return self.firms(**{name: value for name, value in where.items() if name != "post"})
        if held == "missing":
            return self._address("/coverage/missing", **where)
        return self._address("/coverage/people", **where, held=held)

    def at(self, enterprise_id: int, held: str) -> str:
        """Give the address of the people of one enterprise; '' for a reader who may see no names."""
        if not self.personal:
            return ""
        fields: dict[str, Field] = {"plan": self.plan, "on": self.on, "known_at": self._instant, "held": held}
        return f"/enterprises/{enterprise_id}/counted?{_query(fields)}"

    def person(self, enterprise_id: int, person_id: int) -> str:
        """Give the address of somebody's page of that day."""
        query = _query({"on": self.on, "known_at": self._instant})
        return f"/enterprises/{enterprise_id}/people/{person_id}?{query}"

    @property
    def _instant(self) -> str:
        return "" if self.known_at is None else self.known_at.astimezone(SHANGHAI).isoformat()

    def _address(self, path: str, **where: Field) -> str:
        asked: dict[str, Field] = {"plan": self.plan, "region": self.region, "on": self.on, "known_at": self._instant}
        return f"{path}?{_query(asked | where)}"


def _query(fields: dict[str, Field]) -> str:
    return urlencode({name: "1" if value is True else value for name, value in fields.items() if value})


def rows_of(viewer: Viewer, settled: Settled, *, known_at: datetime | None) -> Rows:
    """Give where the rows of a settlement's figures are, as known at an instant (None: now)."""
    head = settled.head
    return Rows(head.plan_code, head.region, head.on.isoformat(), known_at, viewer.sees_people)


def part_of(row: SettledRow) -> dict[str, Field]:
    """Give what narrows a list to the part that a settled row sums up."""
    if row.kind in {"region", "own"}:
        return {"region": row.region, "own": row.kind == "own"}
    if row.kind == "key_enterprises":
        return {"key": True}
    return {row.kind: getattr(row, row.kind)} if row.kind in {"industry", "post"} else {}
