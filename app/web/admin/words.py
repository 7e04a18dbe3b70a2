"""What the codes of accounts and of the audit trail are called."""

from collections.abc import Callable, Mapping
from typing import Final

from app.ops.i18n import N_

ROLES: Final = {
    "officer": N_("Safety officer"),
    "bureau_viewer": N_("Bureau, reading"),
    "bureau_manager": N_("Bureau, managing"),
    "content_editor": N_("Course author"),
    "content_reviewer": N_("Course reviewer"),
    "administrator": N_("Administrator"),
}
DUTIES: Final = {
    "officer": N_("keeps one enterprise's roster"),
    "bureau_viewer": N_("sees the coverage and the people of a region"),
    "bureau_manager": N_("also imports, corrects, waives and revokes there"),
    "content_editor": N_("hands courses in and answers remarks"),
    "content_reviewer": N_("reads what was handed in, returns it or lets it be taught"),
    "administrator": N_("keeps accounts and reads the audit trail, sees no roster"),
}
STATES: Final = {
    "active": N_("Activated"),
    "issued": N_("Code handed out"),
    "lapsed": N_("No valid code"),
    "closed": N_("Account closed"),
}
ACTIONS: Final = {
    "sign_in": N_("Signed in"),
    "sign_out": N_("Signed out"),
    "sign_out.everywhere": N_("Signed out everywhere"),
    "activate": N_("Activated the account"),
    "password.change": N_("Changed the password"),
    "code.issue": N_("Handed out an activation code"),
    "user.add": N_("Opened an account"),
    "account.close": N_("Closed an account"),
    "role.grant": N_("Gave a role"),
    "role.revoke": N_("Took a role away"),
    "token.add": N_("Made an API token"),
    "token.revoke": N_("Revoked an API token"),
    "import.roster": N_("Imported a roster"),
    "import.records": N_("Imported training records"),
    "import.enterprises": N_("Imported enterprises"),
    "import.regions": N_("Imported regions"),
    "roster.confirm": N_("Confirmed a roster"),
    "enterprise.close": N_("Closed an enterprise"),
    "person.reveal": N_("Looked at a whole resident ID"),
    "person.correct": N_("Corrected a person"),
    "person.merge": N_("Merged two people"),
    "waiver.add": N_("Waived a requirement"),
    "waiver.withdraw": N_("Withdrew a waiver"),
    "item.regrade": N_("Exams were graded anew"),
    "award.revoke": N_("Revoked a certificate"),
    "content.load": N_("Loaded courses and plans"),
    "course.submit": N_("Handed a course in"),
    "course.remark": N_("Remarked on a course"),
    "course.settle": N_("Settled a remark"),
    "course.return": N_("Returned a course"),
    "course.approve": N_("Approved a course"),
    "settlement.add": N_("Settled figures"),
    "draft.upload": N_("Uploaded a draft plan"),
    "draft.compare": N_("Compared a draft plan"),
    "draft.discard": N_("Discarded a draft plan"),
    "draft.publish": N_("Had a draft plan published"),
    "plan.publish": N_("Published a plan"),
    "alarm.acknowledge": N_("Acknowledged an alarm"),
    "publication.add": N_("Switched a public page on"),
    "publication.withdraw": N_("Switched a public page off"),
    "session.open": N_("Opened an offline session"),
    "session.enlist": N_("Put people on a session's list"),
    "session.strike": N_("Struck people off a session's list"),
    "session.mark": N_("Marked attendance"),
    "session.close": N_("Closed an offline session"),
    "ledger.rebuild": N_("Rebuilt the ledger"),
}
SUBJECTS: Final = {
    "account": N_("Account"),
    "api_token": N_("API token"),
    "import": N_("Import"),
    "enterprise": N_("Enterprise"),
    "person": N_("Person"),
    "assignment": N_("Post assignment"),
    "award": N_("Certificate"),
    "content": N_("Content"),
    "course_proposal": N_("Course handed in"),
    "settlement": N_("Settlement"),
    "draft": N_("Draft plan"),
    "alarm": N_("Alarm"),
    "publication": N_("Public page"),
    "session": N_("Offline session"),
    "course": N_("Course"),
    "ledger": N_("Ledger"),
}
WHOLE: Final = frozenset({"import", "content", "ledger"})
"""Subjects of which there is one: they have no number of their own."""
DETAILS: Final = {
    "reason": N_("Why"),
    "role": N_("Role"),
    "region": N_("Region"),
    "uscc": N_("Unified social credit code"),
    "rows": N_("rows"),
    "added": N_("added"),
    "changed": N_("changed"),
    "ended": N_("ended"),
    "unchanged": N_("unchanged"),
    "refused": N_("refused"),
    "head_count": N_("head-count"),
    "closed_on": N_("Closed from"),
    "number": N_("Number"),
    "plan": N_("Plan"),
    "on": N_("Up to day"),
    "supersedes": N_("Supersedes"),
    "waiver": N_("Waiver"),
    "field": N_("Field"),
    "source": N_("Merged record"),
    "courses": N_("Courses"),
    "course": N_("Course"),
    "version": N_("Version"),
    "retake": N_("To be retaken"),
    "remark": N_("Remark"),
    "place": N_("Module or item"),
    "plans": N_("Plans"),
    "retakes": N_("To be retaken"),
    "posts": N_("Key posts changed"),
    "people": N_("People"),
    "held_on": N_("Held on"),
    "awarded": N_("certificates"),
    "absent": N_("not there"),
    "short": N_("session too short"),
    "failed": N_("below the pass mark"),
    "repeated": N_("already certified"),
    "kind": N_("About"),
    "item": N_("Item"),
    "void": N_("right for everybody"),
    "adjusted": N_("marks changed"),
    "passed": N_("passed by it"),
    "incomparable": N_("cannot be marked anew"),
    "standing": N_("people's standings"),
    "entry": N_("people's entries"),
    "enterprise_standing": N_("enterprises' standings"),
    "enterprise_entry": N_("enterprises' entries"),
}
ALARMS: Final = {
    "proof.findings": N_("Figures do not follow from the facts"),
    "proof.failed": N_("The check broke off with an error"),
    "proof.interrupted": N_("The check was interrupted several times in a day"),
    "day.failed": N_("The day's work broke off with an error"),
}
RUNS: Final = {"proof": N_("Check of all figures"), "day": N_("The day's work")}
OUTCOMES: Final = {
    "clean": N_("Nothing found"),
    "findings": N_("Differences found"),
    "failed": N_("Broke off with an error"),
    "interrupted": N_("Interrupted"),
}
FIELDS: Final = {"name": N_("Name"), "resident_id": N_("Resident ID")}
REMARKED: Final = {"course": N_("the whole course"), "module": N_("Module"), "item": N_("Item")}
PARTS: Final[dict[str, dict[str, str]]] = {"role": ROLES, "field": FIELDS, "kind": REMARKED}
"""Details whose values are codes themselves."""

Say = Callable[[str], str]


def said(words: Mapping[str, str], code: str, say: Say) -> str:
    """Give a code's word in the reader's language; a code that has none yet stands for itself."""
    return say(words[code]) if code in words else code


def detail(details: Mapping[str, object], say: Say) -> str:
    """Give the details of an act on one line; what is empty is left out."""
    told = [
        f"{said(DETAILS, name, say)} {_value(name, value, say)}"
        for name, value in details.items()
        if value not in ("", None, [], False)
    ]
    return say(N_(", ")).join(told)


def _value(name: str, value: object, say: Say) -> str:
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    return say(N_("yes")) if value is True else said(PARTS.get(name, {}), str(value), say)
