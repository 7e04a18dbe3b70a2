"""The named people and places of the sample, whose sign-ins are printed: fixed, whatever the seed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.kit.checkdigits import resident_id_check, uscc_check
from app.workflows.sample.calendar import SILENT_DAYS
from app.workflows.sample.shapes import Firm

PASSWORD = "coverall-demo-2026"  # noqa: S105 - published with the sample, and good for nothing else
HENGYUE = "柳州市恒岳机械制造有限公司"
HENGYUE_PLACE = "450203"
HENGYUE_POSTS = 232
WORKER, WORKER_PHONE, WORKER_ID = "韦志强", "19900000001", "00000019850612031"
OFFICER, OFFICER_PHONE = "陈海燕", "19900000002"


@dataclass(frozen=True)
class SignIn:
    """An account of the sample: `login` is what is typed; `start` is the page that shows most."""

    role: str
    title: str
    name: str
    login: str
    region: str | None
    start: str


SIGN_INS = (
    SignIn("worker", "职工（一线班组长）", WORKER, WORKER_PHONE, None, "/learning"),
    SignIn("officer", "企业安全员（恒岳机械）", OFFICER, OFFICER_PHONE, None, "/"),
    SignIn("bureau_viewer", "柳州市人社局 查阅", "罗敏", "liuzhou-viewer", "450200", "/coverage"),
    SignIn("bureau_manager", "柳州市人社局 管理", "覃明远", "liuzhou", "450200", "/coverage"),
    SignIn("bureau_manager", "广东省人社厅 管理", "林佩仪", "guangdong", "440000", "/coverage"),
    SignIn("content_editor", "课程作者", "苏文", "author", None, "/authors"),
    SignIn("content_reviewer", "课程审核专家", "程仪", "expert", None, "/authors"),
    SignIn("administrator", "系统管理员", "梁思源", "admin", None, "/"),
)


def worker_id() -> str:
    """Give the whole resident ID of the worker."""
    return WORKER_ID + resident_id_check(WORKER_ID)


def with_cast(firms: Sequence[Firm], today: date) -> tuple[Firm, ...]:
    """Make the biggest enterprise of the officer's district hers: named, in machinery, and silent for 99 days."""
    at = max((f for f in firms if f.place.code == HENGYUE_PLACE), key=lambda firm: (firm.posts, -firm.number))
    silent_from = today - timedelta(SILENT_DAYS)
    hers = replace(
        at,
        name=HENGYUE,
        uscc=hengyue_uscc(),
        sector="machinery",
        division="34",
        licence=False,
        key_enterprise=True,
        size="大型",
        insured=max(at.posts * 11 // 8, at.posts + 3),
        not_applicable=(),
        closed_on=None,
        changes=(),
        reports=(*(day for day in at.reports if day < silent_from), silent_from),
    )
    return tuple(hers if firm is at else firm for firm in firms)


def hengyue_uscc() -> str:
    """Give the code of the officer's enterprise."""
    first = "91000000MA0HENGYU"
    return first + uscc_check(first)
