"""Imports enterprises: new ones, and dated facts about those that are known."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access import scope as grants
from app.access import service as access
from app.identity import queries as accounts
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.dates import ALWAYS
from app.kit.scope import SYSTEM, Scope
from app.ops.sheets import Sheet
from app.organisations import dated, queries, regions, service
from app.organisations.dated import FactChange
from app.organisations.queries import EnterpriseRow, FactRow
from app.organisations.regions import UNNAMED, RegionRow, RegionTree
from app.organisations.service import NewEnterprise
from app.plans import queries as plans
from app.workflows import import_changes
from app.workflows.enterprise_rows import EnterpriseLine, EnterpriseLines, Names, read_lines
from app.workflows.import_results import Affected, Altered, ImportResult, Options, Tally

OFFICER = "officer"


@dataclass(frozen=True)
class Officer:
    """An account to make: who looks after an enterprise's roster."""

    enterprise_id: int
    name: str
    phone: str


@dataclass(frozen=True)
class EnterprisesPlan:
    """A checked file of enterprises; new ones have negative ids until they are entered."""

    result: ImportResult
    regions: tuple[RegionRow, ...]
    new: dict[int, NewEnterprise]
    facts: tuple[FactChange, ...]
    placed: tuple[EnterpriseRow, ...]
    officers: tuple[Officer, ...]


@dataclass
class _Subject:
    """One enterprise while its rows are decided: what is known of it, and what is to be recorded."""

    row: EnterpriseRow
    known: tuple[FactRow, ...]
    changes: dict[tuple[str, date], FactChange]

    @property
    def new(self) -> bool:
        return self.row.id < 0

    def state(self, line: EnterpriseLine, today: date) -> list[tuple[FactChange, str | None]]:
        """Take up what a row says; gives what of it is new, each with what held on that day before."""
        since = line.effective_on or (ALWAYS if self.new else today)
        told: list[tuple[FactChange, str | None]] = []
        for attribute, value in line.values.items():
            from_on = ALWAYS if attribute == dated.CLOSED_ON else since
            stated = line.effective_on is not None and from_on != ALWAYS
            once = (attribute, from_on) not in self.changes  # only a closure has one day for all rows
            known = self._facts() if once else self.known
            change = dated.restated(known, self.row.id, attribute, value, from_on, dated=stated)
            if change is not None and self.changes.get((attribute, from_on)) != change:
                before = None if self.new else queries.value_on(self._facts(), attribute, from_on)
                told.append((change, before))
                self.changes[attribute, from_on] = change
        return told

    def _facts(self) -> list[FactRow]:
        added = [FactRow(0, self.row.id, c.attribute, c.value, c.effective_on) for c in self.changes.values()]
        replaced = {change.supersedes for change in self.changes.values()}
        return sorted([f for f in self.known if f.id not in replaced] + added, key=lambda f: f.effective_on)

    def place(self, name: str, today: date) -> EnterpriseRow:
        """Give what the enterprise is called, and where it lies now."""
        region = queries.value_on(self._facts(), dated.REGION, today) or self.row.region
        return replace(self.row, name=name, region=region)


def plan(session: Session, scope: Scope, sheet: Sheet, options: Options, today: date) -> EnterprisesPlan:  # noqa: ARG001
    """Check a file of enterprises whole and decide what it changes; nothing is written."""
    lines = read_lines(sheet.rows, _names(session))
    tree = regions.tree(session)
    known = {row.uscc: row for row in queries.enterprises_by_uscc(SYSTEM, session, {line.uscc for line in lines.good})}
    _refuse_repeated(lines)
    _refuse_out_of_reach(lines, scope, tree, known)
    facts = queries.facts(session, {row.id for row in known.values()})
    tally = Tally(len(sheet.rows))
    subjects: dict[str, _Subject] = {}
    officers: list[Officer] = []
    altered: list[Altered] = []
    words = import_changes.fact_words(session)
    in_order = sorted(lines.good, key=lambda one: one.effective_on or ALWAYS)
    names = {line.uscc: line.name for line in in_order}
    for line in in_order:
        name = names[line.uscc]
        row = known.get(line.uscc) or EnterpriseRow(-len(subjects) - 1, line.uscc, name, line.region)
        subject = subjects.setdefault(line.uscc, _Subject(row, facts.get(row.id, ()), {}))
        first = subject.new and not subject.changes
        told = import_changes.of_facts(line, subject.state(line, today), words)
        if name != subject.row.name:
            told.append(Altered(line.row, name, "name", subject.row.name, name))
        subject.row = subject.place(name, today)
        officer = Officer(subject.row.id, line.officer_name, line.officer_phone)
        if officer.phone and not _is_officer(session, officer):
            officers.append(officer)
            told.append(Altered(line.row, name, "officer_name", "", officer.name))
        if first:
            tally.added += 1
        elif told:
            tally.changed += 1
            altered += told
        else:
            tally.unchanged += 1
    new_regions = {line.region for line in lines.good if line.region not in tree.rows}
    return EnterprisesPlan(
        result=replace(tally.result(lines.errors), changes=import_changes.first_rows(altered), officers=len(officers)),
        regions=tuple(RegionRow(code, UNNAMED, _city(code)) for code in sorted(new_regions)),
        new={s.row.id: NewEnterprise(s.row.uscc, s.row.name, s.row.region) for s in subjects.values() if s.new},
        facts=tuple(change for subject in subjects.values() for change in subject.changes.values()),
        placed=tuple(s.row for s in subjects.values() if not s.new and s.row != known[s.row.uscc]),
        officers=tuple(officers),
    )


def apply(session: Session, planned: EnterprisesPlan, actor: Actor, recorded_at: datetime) -> Affected:
    """Write a checked file of enterprises; gives those that coverage has to look at again."""
    service.add_regions(session, planned.regions)
    ids = dict(zip(planned.new, service.add_enterprises(session, list(planned.new.values())), strict=True))
    for row in planned.placed:
        service.place_enterprise(session, row.id, row.name, row.region)
    changes = [replace(c, enterprise_id=ids.get(c.enterprise_id, c.enterprise_id)) for c in planned.facts]
    service.record_facts(session, changes, recorded_at)
    for officer in planned.officers:
        account_id = identity.open_staff_account(session, officer.name, officer.phone, recorded_at)
        enterprise_id = ids.get(officer.enterprise_id, officer.enterprise_id)
        access.grant(session, account_id, OFFICER, None, enterprise_id, actor.name, recorded_at)
    return Affected(enterprises=tuple(sorted({change.enterprise_id for change in changes})))


def _names(session: Session) -> Names:
    industries = {i.name: i.code for plan_ in plans.plans(session) for i in plan_.industries}
    return Names(industries, plans.posts(session))


def _refuse_repeated(lines: EnterpriseLines) -> None:
    """Refuse a second row of an enterprise, unless each of its rows names its own day."""
    seen: dict[str, list[EnterpriseLine]] = {}
    for line in list(lines.good):
        before = seen.setdefault(line.uscc, [])
        days = {one.effective_on for one in before}
        if before and (line.effective_on is None or days & {None, line.effective_on}):
            lines.refuse(line, "uscc", "row_repeated", other=before[0].row)
        else:
            before.append(line)


def _refuse_out_of_reach(
    lines: EnterpriseLines, scope: Scope, tree: RegionTree, known: dict[str, EnterpriseRow]
) -> None:
    for line in list(lines.good):
        row = known.get(line.uscc)
        place = line.region if line.region in tree.rows else _city(line.region)
        if row is not None and not scope.reaches_enterprise(row.id, row.region):
            lines.refuse(line, "uscc", "enterprise_taken")
        elif place not in tree.rows:
            lines.refuse(line, "region", "region_unknown")
        elif not scope.reaches_region(place) and (row is None or row.region != line.region):
            lines.refuse(line, "region", "region_reach")


def _city(code: str) -> str:
    """Give the city under which an unlisted county would lie."""
    return code[:4] + "00" if len(code) == 6 and code.isdigit() else ""  # noqa: PLR2004 - GB/T 2260


def _is_officer(session: Session, officer: Officer) -> bool:
    """Say whether the account and its grant are there already."""
    staff = (a for a in accounts.by_phone(session, officer.phone) if a.person_id is None)
    return any(
        grant.role == OFFICER and grant.enterprise_id == officer.enterprise_id
        for account in staff
        for grant in grants.grants_of(session, account.id)
    )
