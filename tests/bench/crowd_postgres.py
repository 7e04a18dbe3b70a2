"""The crowd at two processes on PostgreSQL: a made province of 20,000 assignments, on a server of its own."""

from contextlib import closing

from app.ops.db import Database
from tests.bench.crowd import against
from tests.bench.lines import Line
from tests.bench.province.engine import kept_server
from tests.bench.province.make import make
from tests.bench.region import Region
from tests.support.serving import coverall
from tests.support.sockets import free_port

ASSIGNMENTS, PROCESSES = 20_000, 2


def crowd_postgres(region: Region) -> list[Line]:
    """Let the crowd at two processes; what is acknowledged is on the disk, as on SQLite."""
    data = region.folder / "crowd"
    data.mkdir()
    region.folder.chmod(0o711)  # the server runs as another user
    with kept_server(region.folder / "postgres", free_port()) as server:
        url = f"{server}/crowd"
        make(url, ASSIGNMENTS, lambda _: None)
        made = coverall(data, "rebuild", COVERALL_DATABASE_URL=url)
        assert made.returncode == 0, made.stdout[-500:] + made.stderr[-500:]
        with closing(Database(url)) as database:
            return against(database, data, region.chance, PROCESSES, COVERALL_DATABASE_URL=url)
