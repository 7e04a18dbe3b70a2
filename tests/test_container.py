"""The Dockerfile and compose.yaml, tried without an engine: what they name exists, installs and starts, not as root."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from tests.support.dockerfile import Instruction, Replay, interpreter, parse, unprivileged
from tests.support.serving import Running, end, wait_until_healthy
from tests.support.sockets import free_port

ROOT = Path(__file__).resolve().parents[1]
INSTRUCTIONS = parse((ROOT / "Dockerfile").read_text("utf-8"))


def named(name: str) -> list[Instruction]:
    return [each for each in INSTRUCTIONS if each.name == name]


@pytest.fixture
def image() -> Iterator[Replay]:
    """Give the image's content in a folder that every user may enter."""
    with tempfile.TemporaryDirectory(prefix="coverall-image-") as folder:
        Path(folder).chmod(0o755)
        replay = Replay(ROOT, Path(folder, "image"), interpreter())
        replay.build(INSTRUCTIONS)
        yield replay


def test_everything_it_copies_exists_and_is_sent_to_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    copies = [each for each in named("COPY") if "--from=" not in each.text]
    assert copies
    for each in copies:
        for source in each.words[:-1]:
            assert (ROOT / source).exists(), source
            assert source not in ignored, source


def test_the_last_stage_is_not_root_and_asks_after_its_health() -> None:
    last = max(each.stage for each in INSTRUCTIONS)
    final = {each.name: each.text for each in INSTRUCTIONS if each.stage == last}
    assert last > 0
    assert final["USER"].isdigit()
    assert final["USER"] != "0"
    assert f"--uid {final['USER']} " in final["RUN"]
    assert "/healthz" in final["HEALTHCHECK"]
    assert final["EXPOSE"] == "8000"


def test_it_installs_starts_and_answers_as_somebody_who_is_not_root(image: Replay) -> None:
    port = str(free_port())
    local = {"0.0.0.0": "127.0.0.1", "8000": port}  # noqa: S104 - what the image binds, replaced here
    start = [local.get(word, word) for word in named("CMD")[-1].words]
    health = [word.replace(":8000/", f":{port}/") for word in health_check()]
    given = {
        "COVERALL_SECRET_KEY": "a-secret-of-this-test-and-of-nothing-else",
        "COVERALL_BASE_URL": "https://coverall.example",
    }
    environment = {**image.environment, **given}
    load = unprivileged(["coverall", "content", "load"])
    loaded = subprocess.run(load, cwd=image.workdir, env=environment, capture_output=True, text=True, check=False)
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    address = f"http://127.0.0.1:{port}"
    log = Path(image.root, "server.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            unprivileged(start),
            cwd=image.workdir,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until_healthy(Running(address, process, log))
        assert_serves_pages(address)
        subprocess.run(unprivileged(health), cwd=image.workdir, env=environment, check=True, timeout=30)
        assert (image.root / "data" / "coverall.db").stat().st_uid != 0
    finally:
        end(process)
    failing = subprocess.run(unprivileged(health), cwd=image.workdir, env=environment, capture_output=True, check=False)
    assert failing.returncode != 0


def assert_serves_pages(url: str) -> None:
    """Fetch the first page and all that it names: templates and static files are in the image."""
    with httpx.Client(base_url=url, trust_env=False, follow_redirects=True) as client:
        page = client.get("/")
        assert page.status_code == httpx.codes.OK
        named_files = re.findall(r"""(?:href|src)="(/[^"]+\.(?:css|js|svg)[^"]*)\"""", page.text)
        assert named_files
        assert {client.get(name).status_code for name in named_files} == {httpx.codes.OK}


def health_check() -> list[str]:
    return Instruction(0, "CMD", named("HEALTHCHECK")[-1].text.partition("CMD ")[2]).words


def test_compose_takes_every_secret_from_outside_and_waits_for_health() -> None:
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    services = composed["services"]
    for service in services.values():
        for key, value in service["environment"].items():
            if re.search(r"SECRET|PASSWORD|URL", key):
                assert ":?" in value, key
    assert services["db"]["healthcheck"]["test"]
    assert services["migrate"]["depends_on"]["db"]["condition"] == "service_healthy"
    volumes = [mount.split(":")[0] for service in services.values() for mount in service["volumes"]]
    assert set(volumes) == set(composed["volumes"])
