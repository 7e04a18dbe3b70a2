"""A second opinion on coverage: plain dicts, no spans, no sums kept; one day and one instant at a time, by brute force.

It imports nothing of the product. A history is a dict of lists of dicts:
regions {code: parent}; plans [code, recorded_at, superseded_at, starts_on, counts_from, deadline, regions, posts
{code: expected}, terms {post: {from, to}, of those that are posts of the plan on some days only}, industries [code,
divisions, licence, from, to], requirements [post, industry, from, to, courses,
offline (those of the courses that only training in person meets)]];
facts [enterprise, attribute, value, effective_on, recorded_at, superseded_at]; assignments (versions) [assignment,
person, enterprise, post, starts_on, ends_on, void, recorded_at, superseded_at]; awards [award, person, course, version,
completed_on, valid_until, mode, recorded_at]; revocations [award, revoked_from, recorded_at]; versions [course, number,
change, retake_from, recorded_at]; merges [source, target, recorded_at]; waivers [assignment, plan, from_on, until_on,
recorded_at, superseded_at]; declarations [enterprise, declared_from, confirmed_on, recorded_at]; learning [person,
course, day, recorded_at]; attempts [person, course, opened_on, opened_at, submitted_on, outcome, recorded_at].
"""

from datetime import date, datetime, timedelta
from typing import Any

Row = dict[str, Any]
History = dict[str, Any]
EVENT_ORDER = ["revoked", "outdated", "expired", "failed", "in_progress"]


def standings(history: History, plan_code: str, on: date, known_at: datetime) -> list[Row]:
    """Every assignment that the plan requires on a day: where, covered or not, waived or not, and what is missing."""
    plan = _plan(history, plan_code, known_at)
    if plan is None or on < plan["starts_on"]:
        return []
    found = []
    for a in _visible(history["assignments"], known_at):
        if a["void"] or a["starts_on"] > on or (a["ends_on"] is not None and on >= a["ends_on"]):
            continue
        if a["starts_on"] > plan["deadline"]:
            continue
        place = _place(history, plan, a["enterprise"], on, known_at)
        courses = _required(plan, a["post"], place["industry"], on) if place["state"] == "in" else []
        if courses:
            strict = _in_person(plan, a["post"], place["industry"], on)
            missing = _missing(history, plan, a["person"], courses, strict, on, known_at)
            waived = _waived(history, plan, a["assignment"], on, known_at)
            row = {key: place[key] for key in ("region", "industry", "key")}
            row |= {key: a[key] for key in ("assignment", "person", "enterprise", "post")}
            found.append(row | {"covered": waived or not missing, "waived": waived, "missing": missing})
    return found


def enterprises(history: History, plan_code: str, on: date, known_at: datetime) -> dict[int, Row]:
    """Every enterprise's status on a day, with its place, whether it is stale, its roster and its insured."""
    plan = _plan(history, plan_code, known_at)
    if plan is None or on < plan["starts_on"]:
        return {}
    rows = standings(history, plan_code, on, known_at)
    ids = {f["enterprise"] for f in history["facts"]}
    return {e: _enterprise(history, plan, e, on, known_at, rows) for e in ids}


def _enterprise(history: History, plan: Row, e: int, on: date, known_at: datetime, rows: list[Row]) -> Row:
    place = _place(history, plan, e, on, known_at)
    said = [d for d in _visible(history["declarations"], known_at) if d["enterprise"] == e]
    declared = any(d["declared_from"] <= on for d in said)
    stale = declared and on - max(d["confirmed_on"] for d in said) > timedelta(days=90)
    there = [
        a
        for a in _visible(history["assignments"], known_at)
        if a["enterprise"] == e
        and not a["void"]
        and a["starts_on"] <= on
        and (a["ends_on"] is None or on < a["ends_on"])
    ]
    excused = _fact(history, e, "not_applicable", on, known_at).split(";")
    empty = [p for p, expected in plan["posts"].items() if expected and p not in excused and _counts(plan, p, on)]
    empty = [p for p in empty if not any(a["post"] == p for a in there)]
    mine = [row for row in rows if row["enterprise"] == e]
    covered = [row for row in mine if row["covered"]]
    if place["state"] != "in":
        status = place["state"]
    elif not declared:
        status = "undeclared"
    elif empty:
        status = "incomplete"
    elif not mine:
        status = "not_applicable"
    elif not covered:
        status = "none"
    else:
        status = "full" if len(covered) == len(mine) else "partial"
    people = len({a["person"] for a in there})
    insured = int(_fact(history, e, "insured", on, known_at) or "0")
    return place | {"status": status, "stale": stale, "roster": people, "insured": insured}


def _place(history: History, plan: Row, e: int, on: date, known_at: datetime) -> Row:
    region = _fact(history, e, "region", on, known_at)
    industry = _key_industry(history, plan, e, on, known_at)
    at: str | None = region
    while at is not None and at not in plan["regions"]:
        at = history["regions"].get(at)
    closed_on = _fact(history, e, "closed_on", on, known_at)
    state = "in"
    if at is None or industry is None:
        state = "outside"
    elif closed_on and closed_on <= on.isoformat():
        state = "closed"
    key = _fact(history, e, "key_enterprise", on, known_at) == "1"
    return {"state": state, "region": region, "industry": industry, "key": key}


def _key_industry(history: History, plan: Row, e: int, on: date, known_at: datetime) -> str | None:
    industries = [i for i in plan["industries"] if _in(i, on)]
    codes = [i["code"] for i in industries]
    if _fact(history, e, "key_industry", on, known_at) in codes:
        return _fact(history, e, "key_industry", on, known_at)
    if _fact(history, e, "hazardous_licence", on, known_at) == "1":
        for i in industries:
            if i["licence"]:
                return str(i["code"])
    for i in industries:
        if _fact(history, e, "industry", on, known_at) in i["divisions"]:
            return str(i["code"])
    return None


def _fact(history: History, e: int, attribute: str, on: date, known_at: datetime) -> str:
    rows = [
        f
        for f in _visible(history["facts"], known_at)
        if f["enterprise"] == e and f["attribute"] == attribute and f["effective_on"] <= on
    ]
    return str(max(rows, key=lambda f: f["effective_on"])["value"]) if rows else ""


def _counts(plan: Row, post: str, on: date) -> bool:
    return _in(plan.get("terms", {}).get(post, {}), on)


def _in(term: Row, on: date) -> bool:
    """Say whether a post or an industry counts on a day: from its `from` on, until the day before its `to`."""
    return not (term.get("from") and on < term["from"]) and not (term.get("to") and on >= term["to"])


def _required(plan: Row, post: str, industry: str, on: date) -> list[str]:
    if post not in plan["posts"] or not _counts(plan, post, on):
        return []
    courses: list[str] = []
    for wanted in (None, industry):
        for r in plan["requirements"]:
            begun = r["from"] is None or r["from"] <= on
            over = r["to"] is not None and r["to"] <= on
            if r["post"] == post and r["industry"] == wanted and begun and not over:
                courses += [c for c in r["courses"] if c not in courses]
    return courses


def _in_person(plan: Row, post: str, industry: str, on: date) -> set[str]:
    """Name the courses of which an online award is not enough."""
    found = set()
    for r in plan["requirements"]:
        wanted = r["post"] == post and r["industry"] in (None, industry)
        if wanted and not (r["from"] and on < r["from"]) and not (r["to"] and on >= r["to"]):
            found.update(r["offline"])
    return found


def _missing(
    history: History, plan: Row, person: int, courses: list[str], strict: set[str], on: date, known_at: datetime
) -> list[tuple[str, str]]:
    found = []
    for course in courses:
        awards = [
            a
            for a in _visible(history["awards"], known_at)
            if _who(history, a["person"], known_at) == person
            and a["course"] == course
            and plan["counts_from"] <= a["completed_on"] <= on
        ]
        enough = [a for a in awards if course not in strict or a["mode"] == "offline"]
        if not any(_lapse(history, a, on, known_at) is None for a in enough):
            begun = {a["completed_on"] for a in awards if course in strict and a["mode"] == "online"}
            found.append((course, _reason(history, awards, begun, person, course, on, known_at)))
    return found


def _lapse(history: History, award: Row, day: date, known_at: datetime) -> str | None:
    """Why the award is not held on a day, None when it is."""
    for r in _visible(history["revocations"], known_at):
        if r["award"] == award["award"] and day >= r["revoked_from"]:
            return "revoked"
    for v in _visible(history["versions"], known_at):
        newer = v["course"] == award["course"] and v["number"] > award["version"]
        if newer and v["change"] == "retake" and v["retake_from"] <= day:
            return "outdated"
    if award["valid_until"] is not None and day >= award["valid_until"]:
        return "expired"
    return None


def _reason(
    history: History, awards: list[Row], begun: set[date], person: int, course: str, on: date, known_at: datetime
) -> str:
    """Walk back from the day to the latest day on which something happened; `begun`: a part was done online."""
    ends = [_end(history, a, on, known_at) for a in awards]
    first = min([a["completed_on"] for a in awards] + _effort_days(history), default=on)
    day = on
    while day >= first:
        events = {why for end, why in ends if end == day} | _efforts(history, person, course, day, known_at)
        events |= {"in_progress"} if day in begun else set()
        for event in EVENT_ORDER:
            if event in events:
                return event
        day -= timedelta(days=1)
    return "never_started"


def _end(history: History, award: Row, on: date, known_at: datetime) -> tuple[date, str]:
    """Find the first day, from the award's own on, on which it is not held."""
    day = award["completed_on"]
    while day <= on:
        why = _lapse(history, award, day, known_at)
        if why is not None:
            return day, why
        day += timedelta(days=1)
    return date.max, ""


def _effort_days(history: History) -> list[date]:
    days = [r["day"] for r in history["learning"]]
    days += [a[key] for a in history["attempts"] for key in ("opened_on", "submitted_on") if a[key] is not None]
    return days


def _efforts(history: History, person: int, course: str, day: date, known_at: datetime) -> set[str]:
    found = set()
    for r in _visible(history["learning"], known_at):
        if _who(history, r["person"], known_at) == person and r["course"] == course and r["day"] == day:
            found.add("in_progress")
    for a in history["attempts"]:
        if _who(history, a["person"], known_at) != person or a["course"] != course or a["opened_at"] > known_at:
            continue
        still_open = a["recorded_at"] is None or a["recorded_at"] > known_at
        if still_open and a["opened_on"] == day:
            found.add("in_progress")
        if not still_open and a["outcome"] == "failed" and a["submitted_on"] == day:
            found.add("failed")
    return found


def _waived(history: History, plan: Row, assignment: int, on: date, known_at: datetime) -> bool:
    return any(
        w["assignment"] == assignment
        and w["plan"] == plan["code"]
        and w["from_on"] <= on
        and (w["until_on"] is None or on < w["until_on"])
        for w in _visible(history["waivers"], known_at)
    )


def _who(history: History, person: int, known_at: datetime) -> int:
    """Find the person that a person had turned out to be, as known then."""
    for merge in _visible(history["merges"], known_at):
        if merge["source"] == person:
            return _who(history, merge["target"], known_at)
    return person


def _plan(history: History, code: str, known_at: datetime) -> Row | None:
    return next((p for p in _visible(history["plans"], known_at) if p["code"] == code), None)


def _visible(rows: list[Row], known_at: datetime) -> list[Row]:
    return [
        row
        for row in rows
        if row["recorded_at"] <= known_at and (row.get("superseded_at") is None or row["superseded_at"] > known_at)
    ]
