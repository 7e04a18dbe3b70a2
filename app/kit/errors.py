"""The one kind of error that a user can cause."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """A refusal with an HTTP status, a stable code and an English message (a msgid) that says what to do.

    `details` fill the message's %(name)s placeholders; they never hold personal data.
    """

    status: int
    code: str
    message: str
    details: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Give the English text, filled."""
        return self.message % self.details if self.details else self.message


def not_found() -> Problem:
    """Say that a thing does not exist, or lies outside the caller's scope: the two look the same."""
    return Problem(404, "not_found", "This page does not exist, or you may not see it.")


def forbidden() -> Problem:
    """Say that the thing is in scope, but the role does not allow the act."""
    return Problem(403, "forbidden", "Your role does not allow this.")
