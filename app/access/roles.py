"""Role -> permission, the one table."""

from typing import Final

OWN = "own:use"
COVERAGE_READ = "coverage:read"
FIGURES_READ = "figures:read"
PEOPLE_READ = "people:read"
PEOPLE_REVEAL = "people:reveal"
PEOPLE_CORRECT = "people:correct"
ROSTER_WRITE = "roster:write"
RECORDS_WRITE = "records:write"
CODES_ISSUE = "codes:issue"
ENTERPRISES_WRITE = "enterprises:write"
WAIVERS_WRITE = "waivers:write"
AWARDS_REVOKE = "awards:revoke"
USERS_WRITE = "users:write"
AUDIT_READ = "audit:read"
SETTLEMENTS_WRITE = "settlements:write"
DRAFTS_WRITE = "drafts:write"
PUBLICATION_WRITE = "publication:write"
ALARMS_READ = "alarms:read"
CONTENT_READ = "content:read"
CONTENT_WRITE = "content:write"
CONTENT_REVIEW = "content:review"

_READ = frozenset({OWN, COVERAGE_READ, FIGURES_READ, PEOPLE_READ})
_OFFICER = _READ | {ROSTER_WRITE, RECORDS_WRITE, CODES_ISSUE, PEOPLE_REVEAL}
_MANAGER = _READ | {
    ROSTER_WRITE,
    RECORDS_WRITE,
    CODES_ISSUE,
    PEOPLE_REVEAL,
    PEOPLE_CORRECT,
    ENTERPRISES_WRITE,
    WAIVERS_WRITE,
    AWARDS_REVOKE,
    SETTLEMENTS_WRITE,
    DRAFTS_WRITE,
    PUBLICATION_WRITE,
}

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "worker": frozenset({OWN}),
    "officer": _OFFICER,
    "bureau_viewer": _READ,
    "bureau_manager": _MANAGER,
    "content_editor": frozenset({OWN, CONTENT_READ, CONTENT_WRITE}),
    "content_reviewer": frozenset({OWN, CONTENT_READ, CONTENT_REVIEW}),
    "administrator": frozenset({OWN, FIGURES_READ, USERS_WRITE, AUDIT_READ, ALARMS_READ}),
}
"""The administrator runs accounts, reads the trail and may have figures from the API, everywhere, but sees no roster:
who keeps the keys keeps no register."""

NEEDS_REGION: Final = frozenset({"bureau_viewer", "bureau_manager"})
NEEDS_ENTERPRISE: Final = frozenset({"officer"})
EVERY_PERMISSION: Final = frozenset().union(*PERMISSIONS.values())
