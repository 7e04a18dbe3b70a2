"""What reading figures costs through the running server: one kept-alive connection, 200 requests a line."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from app.access import service as access
from app.coverage.queries import Ask
from app.identity import service as identity
from app.ops.db import Session
from tests.bench.client import Client
from tests.bench.lines import Line
from tests.bench.province.base import CHANCE, Base, Questions
from tests.bench.province.places import PROVINCE
from tests.bench.province.reads import REQUESTS, WARM, processor, spread
from tests.bench.region import Signed, sign_in_staff
from tests.support.serving import Running, serving

LOGIN, ROLE = "bench", "bureau_viewer"
Path_ = Callable[[Session, Questions], str]


@dataclass(frozen=True)
class Request:
    """One line: what it is, how an address is made, its bars (none: there is none in the design), API or page."""

    what: str
    path: Path_
    bars: tuple[float, float] | None
    api: bool = False


def requests() -> tuple[Request, ...]:
    """List what is asked."""
    return (
        Request("API: figures by region below, any region, now", _api(Questions.today), (30, 60), api=True),
        Request("API: any region, past day", _api(Questions.past), (30, 60), api=True),
        Request("API: as known at K >= D", _api(Questions.known_later), (60, 250), api=True),
        Request("API: as known at any K", _api(Questions.known_any), (250, 1000), api=True),
        Request("page: dashboard with trend and worst, now", _page("/coverage", Questions.today), None),
        Request("page: dashboard, past day", _page("/coverage", Questions.past), None),
        Request("page: dashboard, as known at any K", _page("/coverage", Questions.known_any), None),
        Request("page: 50 worst enterprises, now", _page("/coverage/enterprises", Questions.today), (20, 30)),
        Request("page: 50 worst enterprises, past day", _page("/coverage/enterprises", Questions.past), (120, 1500)),
        Request("page: an enterprise, who is missing and why", _enterprise(), (50, 60)),
        Request("page: an enterprise, everybody who is counted", _enterprise("/counted"), None),
        Request("page: who is missing, any region, now", _page("/coverage/missing", Questions.today), None),
        Request("page: everybody required, any region, past day", _page("/coverage/people", Questions.past), None),
        Request("page: a person", _person, None),
    )


def served(base: Base) -> Iterator[Line]:
    """Serve the base in a process of its own and ask."""
    token, who = _sign_in(base)
    with (
        tempfile.TemporaryDirectory(prefix="coverall-bench-") as folder,
        serving(Path(folder), COVERALL_DATABASE_URL=base.url) as running,
    ):
        for request in requests():
            yield _line(base, request, running, token, who)


def _line(base: Base, request: Request, running: Running, token: str, who: Signed) -> Line:
    questions, client = Questions(base, Random(CHANCE)), Client(running.url)
    pid, begun = running.process.pid, 0.0
    for number in range(WARM + REQUESTS):
        if number == WARM:
            begun = base.processor(pid)
        with base.database.reading() as session:
            path = request.path(session, questions)
        if request.api:
            client.api(path, token)
        else:
            client.get(path, who)
    note = processor(base.processor(pid) - begun)
    return spread(request.what, client.seconds[WARM:], base.pick(*request.bars) if request.bars else None, note)


def _sign_in(base: Base) -> tuple[str, Signed]:
    """Give an API token and a signed-in browser of the province's bureau."""
    with base.database.session() as session:
        token = access.make_token(session, LOGIN, ROLE, PROVINCE, None, base.now)
        account = identity.open_staff_account(session, "测量员", "", base.now, LOGIN)
        access.grant(session, account, ROLE, PROVINCE, None, LOGIN, base.now)
    return token, sign_in_staff(base.database, LOGIN)


def _api(asking: Callable[[Questions], Ask]) -> Path_:
    return lambda _, questions: f"/api/v1/coverage?{urlencode(_asked(asking(questions)) | {'by': 'region'})}"


def _page(path: str, asking: Callable[[Questions], Ask]) -> Path_:
    return lambda _, questions: f"{path}?{urlencode(_asked(asking(questions)))}"


def _enterprise(tail: str = "") -> Path_:
    def path(session: Session, questions: Questions) -> str:
        number, _ = questions.enterprise(session)
        return f"/enterprises/{number}{tail}?{urlencode(_asked(replace(questions.past(), region=None)))}"

    return path


def _person(session: Session, questions: Questions) -> str:
    return "/enterprises/{}/people/{}".format(*questions.assignment(session))


def _asked(ask: Ask) -> dict[str, str]:
    found = {"plan": ask.plan_code, "region": ask.region, "on": ask.on, "known_at": ask.known_at}
    return {name: str(value) for name, value in found.items() if value}
