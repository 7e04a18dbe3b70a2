"""Pages through the running server: the bureau's on any day and region, learners' own, a course page under load."""

from datetime import date, timedelta
from random import Random
from urllib.parse import urlencode

import httpx

from app.web.deps import cookie_name
from tests.bench.client import Client, together
from tests.bench.lines import Line, percentile, spread
from tests.bench.region import Region, Signed, opened, served, sign_in, sign_in_staff, workers

REQUESTS = 200
DAYS = (date(2021, 1, 1), date(2026, 11, 1))
REGIONS = {
    "liuzhou": ("liuzhou-2021-2025", "national-2026-2030"),
    "guangdong": ("guangdong-2021-2025", "national-2026-2030"),
}
DISTRICTS = {
    "liuzhou": ("", "450200", "450203", "450204", "450222", "450226"),
    "guangdong": ("", "440000", "440100", "440300", "440600", "441900", "445300"),
}


def pages(region: Region) -> list[Line]:
    """Time the bureau's and the learners' pages, each in a fresh process, 200 requests with random parameters."""
    data = region.copy()
    with opened(data) as database:
        persons = workers(database, region.chance, REQUESTS)
        learners = sign_in(database, persons)
        bureaus = {login: sign_in_staff(database, login) for login in REGIONS}
        officer = sign_in_staff(database, "19900000002")
    with served(data) as running:
        client = Client(running.url)
        for _ in range(REQUESTS):
            login = region.chance.choice(list(REGIONS))
            client.get(f"/coverage?{urlencode(question(region.chance, login))}", bureaus[login])
        bureau = spread("bureau page, any plan, region, day, known-at", client.seconds, 100, running.cpu)
    with served(data) as running:
        client = Client(running.url)
        for learner in learners:
            client.get("/learning", learner)
        learning = spread("learner page, any person", client.seconds, 50, running.cpu)
    with served(data) as running:
        client = Client(running.url)
        home = _home(running.url, officer)
        for _ in range(REQUESTS):
            client.get(home, officer)
        overview = spread("officer's page, one enterprise of 230", client.seconds, None, running.cpu)
    return [bureau, learning, overview]


def question(chance: Random, login: str) -> dict[str, str]:
    """Ask for a random plan, region and day; half of the time as known at a later day."""
    on = DAYS[0] + timedelta(chance.randrange((DAYS[1] - DAYS[0]).days))
    asked = {"plan": chance.choice(REGIONS[login]), "region": chance.choice(DISTRICTS[login]), "on": on.isoformat()}
    if asked["plan"].startswith("national"):
        asked["on"] = (date(2026, 1, 1) + timedelta(chance.randrange(300))).isoformat()
    if chance.random() < 0.5:
        known = max(date.fromisoformat(asked["on"]), date(2026, 4, 1)) if "national" in asked["plan"] else on
        asked["known_at"] = min(known + timedelta(chance.randrange(120)), DAYS[1]).isoformat()
    if chance.random() < 0.2:
        asked["key"] = "1"
    return asked


def _home(url: str, who: Signed) -> str:
    """Follow the way home of an officer: the own enterprise's page."""
    answer = httpx.get(f"{url}/", cookies={cookie_name(): who.token}, trust_env=False)
    return answer.headers["location"]


def course_page(region: Region) -> list[Line]:
    """Ask for a module's page over 16 connections."""
    data = region.copy()
    with opened(data) as database:
        learners = sign_in(database, workers(database, region.chance, 64))
    jobs = [learners[number % len(learners)] for number in range(2000)]
    with served(data) as running:
        path = "/courses/injury-insurance-law"
        done = together(running.url, 16, jobs, lambda client, who: client.get(path, who))
        note = f"processor {running.cpu * 1000 / len(jobs):.1f} ms each"
    return [
        Line("course page, 16 connections", len(jobs) / done.took, "/s", 200, least=True, note=note),
        Line("course page, 16 connections, p99", percentile(done.seconds, 0.99) * 1000, "ms", 150),
    ]
