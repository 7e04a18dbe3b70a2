"""Which enterprises contribute to figures: those with at least one post required in them, on a day, as known then."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Integer, ScalarSelect, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from app.coverage.disclosure import LEAST_ENTERPRISES
from app.coverage.models import Standing
from app.coverage.projection_models import RegionNode
from app.coverage.queries.asking import Question
from app.coverage.queries.cuts import Cut
from app.coverage.queries.each import enterprise_figures
from app.coverage.versions import visible


def by_place(session: Session, question: Question) -> Mapping[tuple[str, str], int]:
    """Count the contributing enterprises by region (its own ones, not those below it) and industry."""
    figures = enterprise_figures(session, question, Cut())
    place = (figures.c.region, figures.c.industry)
    query = select(*place, func.count()).where(figures.c.required > 0).group_by(*place)
    return {(region, industry): int(count) for region, industry, count in session.execute(query)}


def by_post(session: Session, question: Question) -> Mapping[str, int]:
    """Count the enterprises that contribute to each post; one may contribute to several."""
    row = Standing
    query = select(row.post, func.count(row.enterprise_id.distinct())).where(*question.spans(row)).group_by(row.post)
    return {post: int(count) for post, count in session.execute(query)}


def days_of_several(session: Session, question: Question, days: Sequence[date]) -> frozenset[date]:
    """Say on which of the days LEAST_ENTERPRISES contribute to all that is asked about; one statement."""
    if not days:
        return frozenset()
    arms = [
        select(literal_column(str(place), Integer).label("place"), _one_more(question.until(day)).label("one"))
        for place, day in enumerate(days)
    ]
    found: dict[int, int | None] = {int(place): one for place, one in session.execute(union_all(*arms))}
    return frozenset(days[place] for place, one in found.items() if one is not None)


def _one_more(question: Question) -> ScalarSelect[int]:
    """Select an enterprise beside one too few, if there is any: the search ends as soon as it is met."""
    row = Standing
    below = select(RegionNode.region).where(RegionNode.node.in_(question.tops))
    there: list[ColumnElement[bool]] = [
        row.plan_id == question.plan.id,
        row.region.in_(below),
        row.from_on <= question.on,
        row.until_on > question.on,
        visible(row, question.known_at),
    ]
    id = row.enterprise_id
    found: list[ScalarSelect[int]] = []
    for _ in range(LEAST_ENTERPRISES):
        others = [id != other for other in found]
        found.append(select(id).where(*there, *others).limit(1).scalar_subquery())
    return found[-1]
