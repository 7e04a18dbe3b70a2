"""Lets the sample's author hand a changed course in, and the expert remark on it: it waits for them to decide."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.catalogue.reviewing import Remark
from app.catalogue.shapes import Course
from app.identity import queries as identity
from app.identity.service import Actor
from app.kit.errors import not_found
from app.ops.db import Session
from app.workflows import review_course
from app.workflows.read_content import Content
from app.workflows.sample.cast import SIGN_INS

CODE = "traffic-accidents"
NOTE = "高速部分的三道题，解析补一句好记的话"
ADDED = {
    "ta-044": "雨天、雾天和夜里看不远，只能放得更远，不能更近。",
    "ta-046": "拿不准就多留一点：车距是刹车时唯一用得上的路。",
    "ta-048": "错过出口只是多走几公里，倒车赌上的是一车人。",
}
"""By item: what is added to its explanation."""
ON_ITEM = "这句好记。“放得更远”请给个大概的米数，免得学员各想各的。"
ON_COURSE = "其余没有意见，改完这一处就可以通过。"
HANDED_IN, REMARKED = timedelta(days=5), timedelta(days=3)


def hand_in(session: Session, content: Content, now: datetime) -> None:
    """Hand the course in, some days ago, and write two remarks."""
    course = _reworded(next(one for one in content.courses if one.code == CODE))
    author, expert = _actor(session, "content_editor"), _actor(session, "content_reviewer")
    for _, id in review_course.submit_courses(session, [course], content.facts, author, now - HANDED_IN):
        said_at = now - REMARKED
        review_course.remark(session, id, Remark("item", next(iter(ADDED)), ON_ITEM), expert, said_at)
        review_course.remark(session, id, Remark("course", "", ON_COURSE), expert, said_at)


def _reworded(course: Course) -> Course:
    items = (replace(item, explanation=item.explanation + ADDED.get(item.id, "")) for item in course.items)
    return replace(course, note=NOTE, items=tuple(items))


def _actor(session: Session, role: str) -> Actor:
    one = next(sign_in for sign_in in SIGN_INS if sign_in.role == role)
    account = identity.by_login(session, one.login)
    if account is None:
        raise not_found()
    return Actor(account.id, one.name)
