"""Tables of all that is held about one person, for that person. `_` translates a msgid for the reader."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.reports.exports import Cells, Column, Table, Text


@dataclass(frozen=True)
class Owner:
    """The person and the rows of each table, in the order of its columns."""

    name: str
    masked_id: str
    made_at: str
    posts: tuple[Cells, ...]
    events: tuple[Cells, ...]
    certificates: tuple[Cells, ...]
    devices: tuple[Cells, ...]


def tables(owner: Owner, _: Text) -> Iterator[Table]:
    """Give one table each of posts, events, certificates and signed-in devices."""
    head = ((_("Name"), owner.name), (_("Resident ID"), owner.masked_id), (_("Exported"), owner.made_at))
    first, past = Column(_("In post since"), "day"), Column(_("First day no longer in post"), "day", 16)
    enterprise, post, trade = Column(_("Enterprise"), width=34), Column(_("Post"), width=28), Column(_("Trade"))
    yield Table(_("My posts"), (enterprise, post, trade, first, past), owner.posts, head)
    told = Column(_("Day"), "day"), Column(_("What happened"), width=48), Column(_("Remark"), width=40)
    yield Table(_("What happened"), told, owner.events)
    number, course = Column(_("Certificate number"), width=22), Column(_("Course"), width=34)
    days = Column(_("Completed on"), "day"), Column(_("First invalid day"), "day", 14)
    yield Table(_("Certificates"), (number, course, *days, Column(_("Points")), Column(_("Way"))), owner.certificates)
    devices = Column(_("Signed in"), width=18), Column(_("Last seen"), width=18), Column(_("Device"), width=60)
    yield Table(_("Signed in on"), devices, owner.devices)
