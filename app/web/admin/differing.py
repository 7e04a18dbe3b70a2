"""Rows of an alarm in words: of which plan, place and day, what stands there, what should, and what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.kit.dates import shanghai_time
from app.kit.scope import SYSTEM
from app.ops.alarms import Found
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import queries as organisations
from app.organisations import regions
from app.plans import queries as plans
from app.reports.coverage import STATUS_WORDS
from app.reports.exports import Text

SEPARATOR: Final = N_(", ")
TABLES: Final = {
    "standing": N_("Standing of a post assignment"),
    "enterprise_standing": N_("Status of an enterprise"),
    "entry": N_("Ledger of required and covered"),
    "enterprise_entry": N_("Ledger of enterprises' statuses and head-counts"),
    "enterprise_figure": N_("Figures of an enterprise on a day, for lists"),
    "tally_rollup": N_("Sums of required and covered by region"),
    "kind_rollup": N_("Sums of enterprises by region"),
    "ahead_tally": N_("Sums of required and covered recorded far ahead or long after"),
    "ahead_kind": N_("Sums of enterprises recorded far ahead or long after"),
    "ahead_month": N_("List of the months that are summed up"),
    "region_node": N_("Which region lies in which"),
    "post_assignment": N_("Post assignment"),
}
KINDS: Final = {
    "overlap": N_("Two assignments of one person in one post overlap: %(first)s and %(second)s"),
    "assignment": N_("It ends before it starts"),
    "version": N_("What stands is not the version that was recorded last"),
}
"""Kinds of findings in the facts themselves."""
CHANGES: Final = frozenset({"tally_rollup", "kind_rollup", "ahead_tally", "ahead_kind"})
"""Sums of which each row says by how much figures changed."""
SPANS: Final = frozenset({"standing", "enterprise_standing"})
AMOUNTS: Final = {
    "required": N_("Required"),
    "covered": N_("Covered"),
    "waived": N_("among them waived"),
    "roster": N_("On roster"),
    "insured": N_("Insured"),
    "stale": N_("Stale roster"),
    "delta": N_("change"),
    "surplus": N_("order in lists"),
    "rank": N_("group in lists"),
    "late": N_("class of delay"),
}
YES: Final = (N_("yes"), N_("no"))
YES_NO: Final = {
    "covered": (N_("Covered"), N_("Not covered")),
    "stale": (N_("Stale roster"), N_("roster not stale")),
    "key_enterprise": (N_("Key enterprise"), N_("not a key enterprise")),
    "waived": (N_("waived"), N_("not waived")),
    "below": (N_("is listed"), N_("is not listed")),
    "any": (N_("a row"), N_("nothing")),
}


@dataclass(frozen=True)
class Differing:
    """A row found: `what` sums, `where` (parts of a line), `stands`, `should`; the line as programs read it."""

    what: str
    where: tuple[str, ...]
    stands: str
    should: str
    line: str


def in_facts(rows: tuple[Found, ...]) -> bool:
    """Say whether any row is about the facts themselves: computing figures again from them does not mend that."""
    return any(row.kind in KINDS for row in rows)


def differing(session: Session, rows: tuple[Found, ...], say: Text) -> tuple[Differing, ...]:
    """Put rows into words."""
    words = _Words(session, rows, say)
    return tuple(words.told(row) for row in rows)


class _Words:
    """Names of what rows speak of, read once."""

    def __init__(self, session: Session, rows: tuple[Found, ...], say: Text) -> None:
        self.say = say
        known = plans.plans(session)
        self.plans = {plan.id: plan.short_name or plan.name for plan in known}
        self.industries = {code: name for plan in known for code, name in plan.industry_names.items()}
        self.posts = plans.post_names(session)
        self.regions = regions.tree(session).name
        ids = {row.about["enterprise"] for row in rows if row.about.get("enterprise")}
        self.enterprises = {one.id: one.name for one in organisations.enterprises(SYSTEM, session, ids)}

    def told(self, row: Found) -> Differing:
        about = row.about
        what = self.say(TABLES[about["table"]]) if about.get("table") in TABLES else ""
        stands, should = self._sides(row) if what else ("", "")
        return Differing(what, tuple(self._where(about)), stands, should, f"{row.kind}: {row.text}")

    def _sides(self, row: Found) -> tuple[str, str]:
        """Say what stands there and what should; where that is not known by itself, how far it is off."""
        about = row.about
        if row.kind in KINDS:
            return self.say(KINDS[row.kind], first=about.get("assignment", ""), second=about.get("other", "")), ""
        if row.lacks:
            off = (self._off(name, by) for name, by in row.lacks.items() if by)
            return self.say(SEPARATOR).join(off), self.say(N_("what the facts add up to, without this difference"))
        if row.stands is None and row.should is None:
            return "", ""
        changes = about["table"] in CHANGES
        return self._side(row.stands, changes=changes), self._side(row.should, changes=changes)

    def _off(self, name: str, by: int) -> str:
        what = self._amount(name)
        off = N_("%(what)s: %(n)s too few") if by > 0 else N_("%(what)s: %(n)s too many")
        return self.say(off, what=what, n=f"{abs(by):,}")

    def _side(self, values: Mapping[str, Any] | None, *, changes: bool) -> str:
        if values is None:
            return self.say(N_("nothing"))
        told = (self._value(name, value, "+" if changes else "") for name, value in values.items())
        return self.say(SEPARATOR).join(told)

    def _value(self, name: str, value: Any, sign: str) -> str:  # noqa: ANN401 - any value of a row
        say = self.say
        if isinstance(value, bool):
            yes, no = YES_NO.get(name, YES)
            return say(yes if value else no)
        if name == "status":
            return say(STATUS_WORDS[value]) if value in STATUS_WORDS else str(value)
        if name in {"region", "industry"}:
            return self.regions(value) if name == "region" else self.industries.get(value, str(value))
        if name == "recorded_at":
            return say(N_("recorded at %(moment)s"), moment=_moment(value))
        if name == "until_on":
            return say(N_("to before %(day)s"), day=value)
        return f"{self._amount(name)} {value:{sign},}" if isinstance(value, int) else f"{self._amount(name)} {value}"

    def _amount(self, name: str) -> str:
        words = AMOUNTS | STATUS_WORDS
        return self.say(words[name]) if name in words else name

    def _where(self, about: Mapping[str, Any]) -> Iterator[str]:
        say = self.say
        if about.get("plan") is not None:
            yield self.plans.get(about["plan"], f"{say(N_('Plan'))} {about['plan']}")
        yield from (self.regions(about[name]) for name in ("region", "below") if about.get(name))
        if about.get("enterprise"):
            yield self.enterprises.get(about["enterprise"], f"{say(N_('Enterprise'))} {about['enterprise']}")
        yield from (names.get(about[key], about[key]) for key, names in self._named() if about.get(key))
        if about.get("key_enterprise"):
            yield say(N_("Key enterprise"))
        for name, word in (("assignment", N_("Post assignment no. %(n)s")), ("row", N_("row no. %(n)s"))):
            if about.get(name):
                yield say(word, n=about[name])
        yield from self._days(about)

    def _named(self) -> tuple[tuple[str, Mapping[str, str]], ...]:
        kinds = {name: self._amount(name) for name in AMOUNTS | STATUS_WORDS}
        return ("industry", self.industries), ("post", self.posts), ("kind", kinds)

    def _days(self, about: Mapping[str, Any]) -> Iterator[str]:
        say, day = self.say, about.get("day")
        if day and about.get("period"):
            yield day
            yield say(N_("recorded in %(period)s"), period=_period(about["period"], about.get("grain")))
        elif day and about.get("grain") is not None:
            yield _period(day, about["grain"])
        elif day and about.get("until"):
            yield say(N_("from %(day)s to before %(until)s"), day=day, until=about["until"])
        elif day:
            spans = about["table"] in SPANS
            yield say(N_("from %(day)s on"), day=day) if spans else day
        if about.get("recorded_at"):
            yield say(N_("recorded at %(moment)s"), moment=_moment(about["recorded_at"]))


def _period(day: str, grain: int | None) -> str:
    """Give a year, a month or a day, by the grain of sums: 0, 1, 2."""
    return day[: {0: 4, 1: 7}.get(2 if grain is None else grain, 10)]


def _moment(text: str) -> str:
    return shanghai_time(datetime.fromisoformat(text))
