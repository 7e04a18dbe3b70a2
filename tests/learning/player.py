"""A learner's page as the tests play it: opens a module, reports, answers presence checks, in a time of its own."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.catalogue.queries import CourseVersionRow
from app.learning import checks, service
from app.learning.checks import NEVER, AnswerCheck, Check
from app.learning.intervals import Span
from app.learning.presence import Often
from app.learning.rows import OpenModule
from app.learning.service import Credited, Receipt
from tests.learners import CAP, NOON

MINUTE = 60_000
SOON = Often(2 * MINUTE, 3 * MINUTE)


@dataclass
class Page:
    """One page on one device. `now` is the server's clock, which only the test moves."""

    session: Session
    person: int
    version: CourseVersionRow
    module: str = "001-step"
    often: Often = NEVER
    now: datetime = NOON
    token: str = ""
    sequence: int = 0
    position: int = 0
    credited: int = 0
    complete: bool = False
    check: Check | None = None
    answers: list[Credited] = field(default_factory=list)

    def open(self) -> "Page":
        """Open the module, here and now."""
        asked = OpenModule(self.person, self.version, self.module)
        opened = service.open_session(self.session, asked, self.now, self.often)
        self.token, self.sequence = opened.token, 0
        self.position, self.credited, self.check = opened.position_ms, opened.credited_ms, opened.check
        self.complete = opened.complete
        return self

    def wait(self, seconds: float) -> "Page":
        """Let wall-clock pass."""
        self.now += timedelta(seconds=seconds)
        return self

    def report(self, *spans: Span, sequence: int | None = None) -> Credited:
        """Report spans; with a `sequence` that was used, once more."""
        if sequence is None:
            self.sequence += 1
        receipt = Receipt(self.person, self.token, sequence or self.sequence, spans)
        answer = service.receive(self.session, receipt, CAP, self.now)
        self.position, self.credited, self.check = answer.position_ms, answer.total_ms, answer.check
        self.complete = answer.complete
        self.answers.append(answer)
        return answer

    def answer(self, *, wrongly: bool = False) -> bool:
        """Answer the check that stands; says whether that was right."""
        assert self.check is not None
        words = [word for word in self.check.options if (word == self.check.word) != wrongly]
        given = AnswerCheck(self.person, self.token, self.check.at_ms, words[0])
        answered = checks.answer(self.session, given, self.now)
        self.check = answered.check
        return answered.right

    def read(self, seconds: float, every: float = 15) -> "Page":
        """Read honestly for so long, reporting every so often, and answer what is asked after three seconds."""
        left = seconds
        while left > 0:
            step = min(every, left)
            left -= step
            start = self.position
            self.wait(step).report((start, start + round(step * 1000)))
            self.settle(start + round(step * 1000))
        return self

    def settle(self, up_to: int) -> None:
        """Answer checks until none stands, and report again what waited for them, as the page does."""
        while self.check is not None:
            self.wait(3).answer()
            if up_to > self.position:
                self.report((self.position, up_to))
