"""Rows written in bulk are the rows that the mapper would have written, whichever way they went in."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coverage.projection_models import EnterpriseFigure
from app.ops import bulk
from app.ops.listed import among
from app.organisations.models import Person

NOW = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
FIGURE = {
    "rank": 1,
    "surplus": -3,
    "region": "450202",
    "industry": "",
    "key_enterprise": False,
    "status": "partial",
    "required": 5,
    "covered": 2,
    "waived": 0,
}
NAMES = ("韦大勇", 'a "quoted"\tname\\N', "line\nbreak", "\\.", "韦", "")


def people(ids: list[int]) -> list[dict[str, object]]:
    return [
        {
            "id": id,
            "name": NAMES[number % len(NAMES)],
            "resident_id_sealed": bytes(range(256)) + bytes([number]),
            "resident_id_hash": f"hash {id}",
            "resident_id_masked": "",
            "phone_sealed": b"" if number % 2 else None,
            "phone_hash": f"phone {id}" if number % 2 else None,
            "created_at": NOW + timedelta(microseconds=number),
        }
        for number, id in enumerate(ids)
    ]


@pytest.mark.parametrize("count", [0, 1, bulk.FEW, bulk.FEW + 1, 200])
def test_what_goes_in_comes_back(session: Session, count: int) -> None:
    ids = bulk.new_ids(session, Person, count)
    assert len(set(ids)) == count
    assert ids == sorted(ids)
    rows = people(ids)
    bulk.append(session, Person, rows)
    columns = [getattr(Person, name) for name in people([1])[0]]
    found = session.execute(select(*columns).where(Person.id.in_(ids)).order_by(Person.id)).all()
    assert [row._asdict() for row in found] == rows


def test_what_is_put_takes_the_place_of_what_was(session: Session) -> None:
    names, key = ("plan_id", "enterprise_id", "slot", *FIGURE), ("plan_id", "enterprise_id", "slot")
    bulk.put(session, EnterpriseFigure, names, key, [])
    bulk.put(session, EnterpriseFigure, names, key, [(1, 2, slot, *FIGURE.values()) for slot in range(30)])
    changed = FIGURE | {"status": "full", "covered": 9}
    bulk.put(session, EnterpriseFigure, names, key, [(1, 2, slot, *changed.values()) for slot in (3, 29, 30)])
    found = session.execute(select(*(getattr(EnterpriseFigure, name) for name in names))).all()
    wanted = {slot: (1, 2, slot, *(changed if slot in {3, 29, 30} else FIGURE).values()) for slot in range(31)}
    assert {row.slot: tuple(row) for row in found} == wanted


def test_who_comes_after_gets_an_id_of_their_own(session: Session) -> None:
    for _ in range(2):
        ids = bulk.new_ids(session, Person, 20)
        bulk.append(session, Person, people(ids))
        late = Person(name="莫小兰", resident_id_sealed=b"", resident_id_hash=f"late {ids[-1]}", resident_id_masked="")
        late.created_at = NOW
        session.add(late)
        session.flush()
        assert late.id > ids[-1]


def test_many_keys_find_what_each_would(session: Session) -> None:
    ids = bulk.new_ids(session, Person, 40)
    bulk.append(session, Person, people(ids))
    query = select(Person.id).where(among(Person.id), Person.phone_hash.is_not(None)).order_by(Person.id)
    for asked in ([], ids[3:4], ids[::3], [*ids, ids[-1] + 1]):
        found = session.scalars(query, {"ids": asked}).all()
        assert found == [id for number, id in enumerate(ids) if id in asked and number % 2]
