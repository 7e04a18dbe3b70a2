"""What it weighs: memory when idle, a page on the first visit, the installed packages."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import httpx

from app.web.deps import cookie_name
from tests.bench.lines import Line
from tests.bench.region import Region, Signed, opened, served, sign_in, sign_in_staff, workers
from tests.support.serving import ROOT

KILO, MEGA = 1000, 1_000_000


def sizes(region: Region) -> list[Line]:
    """Weigh a server that has served a few pages, the pages, and what is installed to run."""
    data = region.copy()
    with opened(data) as database:
        learner = sign_in(database, workers(database, region.chance, 1))[0]
        bureau = sign_in_staff(database, "liuzhou")
    with served(data) as running:
        fresh = _resident_mb(running.pid)
        weights = [
            Line(f"first visit of {path}", _weight(running.url, path, who) / KILO, "kB", 150)
            for path, who in (("/learning", learner), ("/courses/team-leader", learner), ("/coverage", bureau))
        ]
        used = _resident_mb(running.pid)
    return [
        Line("memory, idle", fresh, "MB", 120),
        Line("memory, idle after some pages", used, "MB"),
        *weights,
        Line("installed packages", _installed_mb(), "MB", 300),
    ]


def _resident_mb(pid: int) -> float:
    """Give the resident memory of a process, shared pages of mapped files left out."""
    told = Path(f"/proc/{pid}/status").read_text()
    kilobytes = sum(int(one) for one in re.findall(r"^Rss(?:Anon|Shmem):\s+(\d+)", told, re.MULTILINE))
    return kilobytes * 1024 / MEGA


def _weight(url: str, path: str, who: Signed) -> int:
    """Give the bytes over the line of a page with its styles, scripts and pictures, nothing cached."""
    with httpx.Client(base_url=url, cookies={cookie_name(): who.token}, trust_env=False) as client:
        page = client.get(path, headers={"accept": "text/html"})
        assert page.status_code == httpx.codes.OK, page.text[:300]
        parts = set(re.findall(r'(?:src|href)="(/(?:static/|style-|figures/)[^"#]*)"', page.text))
        return _bytes(page) + sum(_bytes(client.get(part)) for part in sorted(parts))


def _bytes(answer: httpx.Response) -> int:
    return int(answer.num_bytes_downloaded)


def _installed_mb() -> float:
    """Add up the files of the packages that the lock for running names."""
    pinned = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    total = 0
    for name in pinned:
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:  # for another platform or Python
            continue
        total += sum(Path(str(file.locate())).stat().st_size for file in files if Path(str(file.locate())).is_file())
    return total / MEGA
