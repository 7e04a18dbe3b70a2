"""Gathers the code lists of the day for the import templates."""

from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.kit import industries
from app.kit.errors import not_found
from app.organisations import regions
from app.plans import queries as plans
from app.reports import sheets
from app.reports.import_columns import IMPORTS
from app.reports.sheets import CodeList


def template(session: Session, kind: str) -> bytes:
    """Write the template of a kind of import with today's code lists; Problem 404 for another kind."""
    if kind not in IMPORTS:
        raise not_found()
    return sheets.template(kind, code_lists(session))


def code_lists(session: Session) -> dict[str, CodeList]:
    """Give what the columns of imports may hold: posts, regions, industries, courses."""
    tree = regions.tree(session)
    key_industries = {i.code: i for plan in plans.plans(session) for i in plan.industries}
    return {
        "posts": CodeList("岗位", tuple((p.code, p.name, "、".join(p.aliases)) for p in plans.posts(session))),
        "regions": CodeList(
            "行政区划", tuple((r.code, r.name, tree.name(r.parent or "")) for r in tree.rows.values()), 0
        ),
        "key_industries": CodeList(
            "重点行业", tuple((i.code, i.name, "、".join(i.divisions)) for i in key_industries.values())
        ),
        "divisions": CodeList(
            "行业", tuple((d, industries.NAMES.get(d[1:], ""), d[1:]) for d in industries.divisions()), 0
        ),
        "courses": CodeList("课程", tuple((row.course_code, row.title, "") for row in catalogue.listing(session)), 0),
    }
