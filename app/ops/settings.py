"""Configuration from COVERALL_* environment variables; every one has a default that runs."""

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.kit.errors import Problem

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_SECRET = "coverall-development-secret-do-not-use-in-production"  # noqa: S105 - refused in production


class Settings(BaseSettings):
    """The whole configuration."""

    model_config = SettingsConfigDict(env_prefix="COVERALL_", frozen=True)

    env: str = "development"
    """`production` refuses default secrets and plain-http cookies."""
    data_dir: Path = ROOT / "data"
    database_url: str = ""
    """SQLAlchemy URL; empty: the file coverall.db in `data_dir`."""
    replica_url: str = ""
    """SQLAlchemy URL of a streaming replica for reports; empty: all is read from the database itself."""
    replica_max_lag: int = Field(60, ge=1, le=600)
    """Seconds of delay beyond which reports are read from the database itself."""
    secret_key: str = DEFAULT_SECRET
    base_url: str = ""
    """Public address, used in QR codes; empty: taken from the request."""
    content_dir: Path = ROOT / "courses"
    session_hours: int = 12
    trusted_proxies: str = ""
    """Comma-separated proxy addresses whose X-Forwarded-For is believed."""
    upload_limit_mb: int = 20
    presence_least_minutes: float = Field(5, ge=0, le=120)
    """Least credited learning time between two questions whether somebody is still there; 0: nobody is asked."""
    presence_most_minutes: float = Field(8, ge=0, le=120)
    """Most credited learning time between two such questions."""

    @property
    def url(self) -> str:
        """Give the database URL in effect."""
        return self.database_url or f"sqlite:///{self.data_dir / 'coverall.db'}"

    @property
    def secure(self) -> bool:
        """Say whether cookies are for https only."""
        return self.base_url.startswith("https://")

    def refuse_unsafe(self) -> None:
        """Refuse to run in production with default secrets (a Problem that says what to set)."""
        if self.env != "production":
            return
        if self.secret_key == DEFAULT_SECRET or len(self.secret_key) < 32:  # noqa: PLR2004 - 256 bits
            message = "Set COVERALL_SECRET_KEY to at least 32 random characters before a production start."
            raise Problem(500, "unsafe_secret", message)
        if not self.secure:
            message = "Set COVERALL_BASE_URL to the public https:// address before a production start."
            raise Problem(500, "unsafe_address", message)


@cache
def settings() -> Settings:
    """Give the settings of this process, read once."""
    return Settings()
