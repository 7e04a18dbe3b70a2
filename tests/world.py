"""The world that tests share: three enterprises in two provinces, the people in them, and those who look after them.

Wei leads a team at Longjiang Machinery (Liuzhou), where Chen is the safety officer; Mo works at a machine there, Huang
answers for safety, Qin heads the safety department. Liang leads a team at Liubei Chemicals, Zhou at Foshan Foundry
(Guangdong). Luo manages Liuzhou's bureau, Xie only looks at Yufeng district, where none of these enterprises lies;
Guan keeps the accounts. Everything goes in by the imports and services that the product has.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from sqlalchemy.orm import Session

from app.access import scope as access_scope
from app.access import service as access
from app.identity import queries as accounts
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.checkdigits import resident_id_check, uscc_check
from app.kit.scope import SYSTEM, Scope
from app.ops.settings import ROOT
from app.organisations import corrections, queries
from app.workflows import imports
from app.workflows.import_results import ImportResult, Options
from app.workflows.load_content import load_content
from app.workflows.read_content import Content, read_content

BEGAN = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
"""When the world was recorded: Monday, 5 January 2026, ten in the morning in Shanghai."""
OPERATOR = Actor(None, "the operator")
CHEN_PHONE, LI_PHONE, LUO_PHONE, XIE_PHONE = "13800000001", "13800000002", "13800000003", "13800000004"


def uscc(number: int) -> str:
    """Make a valid unified social credit code."""
    first17 = f"91450200MA{number:07d}"
    return first17 + uscc_check(first17)


def resident_id(number: int, born: date = date(1980, 1, 1)) -> str:
    """Make a valid resident ID with the invented region prefix 000000."""
    first17 = f"000000{born:%Y%m%d}{number:03d}"
    return first17 + resident_id_check(first17)


LONGJIANG, LIUBEI, FOSHAN = uscc(1), uscc(2), uscc(3)
WEI, MO, HUANG, QIN, LIANG, ZHOU, STRANGER = (resident_id(number) for number in range(1, 8))

ENTERPRISES = (
    ("uscc", "name", "region", "industry", "insured", "officer_name", "officer_phone"),
    (LONGJIANG, "龙江机械有限公司", "450202", "C34", "120", "陈静", CHEN_PHONE),
    (LIUBEI, "柳北化工有限公司", "450205", "26", "80", "李安", LI_PHONE),
    (FOSHAN, "佛山铸造有限公司", "440600", "C31", "300", "", ""),
)
ROSTER = (
    ("统一社会信用代码", "姓名", "证件号码", "手机号", "岗位", "工种", "上岗日期", "离岗日期"),
    (LONGJIANG, "韦大勇", WEI, "13911110001", "班组长", "钳工", "2021-03-01", ""),
    (LONGJIANG, "莫小兰", MO, "13911110002", "high_risk_operator", "冲压工", "2022-05-01", ""),
    (LONGJIANG, "黄建国", HUANG, "13911110003", "分管负责人", "", "2021-01-01", ""),
    (LONGJIANG, "覃志强", QIN, "13911110004", "safety_head", "", "2021-06-01", "2025-06-01"),
    (LIUBEI, "梁秀英", LIANG, "13911110005", "班组长", "化工操作", "2023-02-01", ""),
    (FOSHAN, "周敏", ZHOU, "", "班组长", "浇注工", "2022-01-01", ""),
)

LEADER = ("injury-insurance-law", "safety-rights-and-lessons", "team-leader")
"""What the plans demand of a team leader in any industry, in their order."""
MACHINERY_LEADER = (*LEADER, "machinery", "noise-deafness")
CHEMICALS_LEADER = (*LEADER, "hazardous-chemicals", "chemical-poisoning-confined-space")
"""What the source plans demand of one in machinery, and in hazardous chemicals."""
MACHINE_OPERATOR = (*LEADER[:2], "high-risk-operator", "accident-lessons", "machinery", "noise-deafness")
"""What Liuzhou's plan demands of somebody in an accident-prone job in machinery."""


@dataclass(frozen=True)
class World:
    """Ids of those who live in it: enterprises, people, staff accounts."""

    longjiang: int
    liubei: int
    foshan: int
    wei: int
    mo: int
    huang: int
    qin: int
    liang: int
    zhou: int
    chen: int
    li: int
    luo: int
    xie: int
    guan: int


def build(session: Session, now: datetime = BEGAN) -> World:
    """Fill an empty database."""
    settle(session, now)
    fill(session, "enterprises", ENTERPRISES, now)
    fill(session, "roster", ROSTER, now)
    luo = identity.open_staff_account(session, "罗明", LUO_PHONE, now)
    access.grant(session, luo, "bureau_manager", "450200", None, OPERATOR.name, now)
    xie = identity.open_staff_account(session, "谢芳", XIE_PHONE, now)
    access.grant(session, xie, "bureau_viewer", "450203", None, OPERATOR.name, now)
    guan = identity.open_staff_account(session, "管平", "", now, "guan")
    access.grant(session, guan, "administrator", None, None, OPERATOR.name, now)
    employers = {
        name: _enterprise(session, code)
        for name, code in (("longjiang", LONGJIANG), ("liubei", LIUBEI), ("foshan", FOSHAN))
    }
    workers = ("wei", WEI), ("mo", MO), ("huang", HUANG), ("qin", QIN), ("liang", LIANG), ("zhou", ZHOU)
    people = {name: person(session, resident) for name, resident in workers}
    chen, li = (accounts.by_phone(session, phone)[0].id for phone in (CHEN_PHONE, LI_PHONE))
    return World(**employers, **people, chen=chen, li=li, luo=luo, xie=xie, guan=guan)


def settle(session: Session, now: datetime = BEGAN) -> None:
    """Load the courses, plans, posts and regions that are shipped."""
    load_content(session, shipped(), OPERATOR, now)
    seed = imports.read("regions", (ROOT / "courses/plans/regions.csv").read_bytes(), Options())
    imports.run(session, SYSTEM, "regions", seed, Options(), OPERATOR, now)


@cache
def shipped() -> Content:
    """Read the shipped content, once per test process."""
    content, errors = read_content(ROOT / "courses")
    assert not errors, errors[:5]
    return content


def fill(
    session: Session,
    kind: str,
    rows: Iterable[Sequence[str]],
    now: datetime = BEGAN,
    options: Options | None = None,
    scope: Scope = SYSTEM,
) -> ImportResult:
    """Import rows as a .csv file: headers first."""
    asked = options or Options()
    sheet = imports.read(kind, as_csv(rows), asked)
    return imports.run(session, scope, kind, sheet, asked, OPERATOR, now)


def as_csv(rows: Iterable[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """Write rows as a .csv file."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def person(session: Session, resident: str) -> int:
    """Find a person by resident ID."""
    found = corrections.owner_of(session, resident)
    assert found is not None
    return found


def scope_of(session: Session, account_id: int) -> Scope:
    """Give what a staff account reaches."""
    return access_scope.reach(session, access_scope.grants_of(session, account_id), None)


def _enterprise(session: Session, code: str) -> int:
    found = queries.enterprise_id(session, code)
    assert found is not None
    return found
