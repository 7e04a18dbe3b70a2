"""What a production start refuses."""

import pytest

from app.kit.errors import Problem
from app.ops.settings import DEFAULT_SECRET, Settings

SECRET = "0123456789abcdef0123456789abcdef"
ADDRESS = "https://coverall.example"


@pytest.mark.parametrize(
    ("secret_key", "base_url", "named"),
    [
        (DEFAULT_SECRET, ADDRESS, "SECRET_KEY"),
        ("too short", ADDRESS, "SECRET_KEY"),
        (SECRET, "", "BASE_URL"),
        (SECRET, "http://coverall.example", "BASE_URL"),
    ],
)
def test_production_refuses_what_is_unsafe(secret_key: str, base_url: str, named: str) -> None:
    with pytest.raises(Problem, match=named):
        Settings(env="production", secret_key=secret_key, base_url=base_url).refuse_unsafe()


def test_production_starts_with_a_secret_and_an_https_address() -> None:
    Settings(env="production", secret_key=SECRET, base_url=ADDRESS).refuse_unsafe()
    Settings(env="development").refuse_unsafe()
