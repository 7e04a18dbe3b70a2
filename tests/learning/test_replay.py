"""Whatever is reported from however many devices, the evidence alone gives the progress again."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.learning.intervals import Span
from app.learning.replay import replay
from tests.courses import small_course
from tests.learners import NOON, a_person, load, open_module, progressed, report

NUMBERS = count(100)
SPAN = st.tuples(st.integers(0, 70_000), st.integers(1, 70_000)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@dataclass(frozen=True)
class Step:
    """Some time passes; then a device is opened anew, or the live one reports."""

    wait_ms: int
    anew: bool
    spans: list[Span]


STEPS = st.lists(st.builds(Step, st.integers(0, 50_000), st.booleans(), st.lists(SPAN, max_size=3)), max_size=15)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS, cap=st.integers(10_000, 200_000))
def test_the_replay_of_the_receipts_is_the_progress(session: Session, steps: list[Step], cap: int) -> None:
    wei, version = a_person(session, number=next(NUMBERS)), load(session, small_course())
    token, now = open_module(session, wei, version).token, NOON
    for sequence, step in enumerate(steps, 1):
        now += timedelta(milliseconds=step.wait_ms)
        if step.anew:
            token = open_module(session, wei, version, when=now).token
        report(session, wei, token, sequence, *step.spans, when=now, cap=cap)
    module = progressed(session, wei, version).modules[0]
    seen = replay(session, wei, version, module.slug).seen
    assert seen == (((0, module.credited_ms),) if module.credited_ms else ())
    assert module.credited_ms <= min((now - NOON) // timedelta(milliseconds=1), cap, module.needed_ms)
    assert module.complete == (module.credited_ms == module.needed_ms)
