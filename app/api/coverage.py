"""GET /api/v1/coverage and /api/v1/plans: figures and plans for other programs, in the shapes of DESIGN section 7."""

from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends, Request

from app.access import roles
from app.access.scope import Viewer
from app.api.deps import Bearer, Reading, Reporting
from app.catalogue import queries as catalogue
from app.coverage.queries import Ask, By, coverage, parse_known_at
from app.kit.dates import day_or_none
from app.kit.errors import Problem
from app.ops import clock
from app.ops.i18n import N_
from app.plans import queries as plans
from app.plans.published import published

router = APIRouter(tags=["coverage"])
READ = ["GET", "HEAD"]
Reader = Annotated[Viewer, Depends(Bearer(roles.FIGURES_READ))]
KNOWN = frozenset({"plan", "on", "known_at", "region", "enterprise", "by", "key_enterprises", "persons"})
FLAGS: dict[str, bool] = {"": False, "false": False, "0": False, "true": True, "1": True}


@router.api_route("/coverage", methods=READ)
def read_coverage(
    request: Request,
    viewer: Reader,
    session: Reporting,
    plan: str = "",
    on: str = "",
    known_at: str = "",
    region: str = "",
    enterprise: str = "",
    by: str = "",
    key_enterprises: str = "",
    persons: str = "",
) -> dict[str, Any]:
    """Give the coverage of a plan on a day (YYYY-MM-DD; default today, or the deadline once past), as known at.

    `by` is region, industry, post or enterprise; the flags are true or false.
    """
    _refuse_unknown(request)
    if not plan:
        raise Problem(422, "plan", N_("Name the plan: plan=CODE. /api/v1/plans lists them."))
    ask = Ask(
        plan_code=plan,
        on=day_or_none(on),
        known_at=parse_known_at(known_at) if known_at else None,
        region=region or None,
        enterprise=enterprise.upper() or None,
        by=_by(by),
        key_enterprises=_flag("key_enterprises", key_enterprises),
        persons=_flag("persons", persons),
    )
    return coverage(viewer.scope, session, ask, clock.today(), clock.now()).to_json()


@router.api_route("/plans", methods=READ)
def list_plans(viewer: Reader, session: Reading) -> list[dict[str, Any]]:  # noqa: ARG001 - the guard
    """List the plans."""
    return [
        {
            "code": plan.code,
            "name": plan.name,
            "provisional": plan.provisional,
            "starts_on": plan.starts_on.isoformat(),
            "deadline": plan.deadline.isoformat(),
        }
        for plan in plans.plans(session)
    ]


@router.api_route("/plans/{code}", methods=READ)
def show_plan(code: str, viewer: Reader, session: Reading) -> dict[str, Any]:  # noqa: ARG001 - the guard
    """Give a plan, as `coverall plan show CODE --json` does."""
    months = {row.course_code: row.valid_months for row in catalogue.listing(session, clock.today())}
    return published(plans.plan(session, code), months)


def _refuse_unknown(request: Request) -> None:
    """Refuse a parameter that does not exist: a misspelt one would silently ask another question."""
    unknown = sorted(set(request.query_params) - KNOWN)
    if unknown:
        message = N_("There is no parameter %(name)s. Known are: %(known)s.")
        raise Problem(422, "parameter", message, {"name": unknown[0], "known": ", ".join(sorted(KNOWN))})


def _by(text: str) -> By | None:
    known: dict[str, By] = {name: name for name in get_args(By)}
    if text and text not in known:
        raise Problem(422, "by", N_("Split by region, industry, post or enterprise."))
    return known.get(text)


def _flag(name: str, text: str) -> bool:
    if text.lower() not in FLAGS:
        raise Problem(422, name, N_("%(name)s is true or false."), {"name": name})
    return FLAGS[text.lower()]
