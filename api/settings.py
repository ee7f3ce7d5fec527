"""Every setting of the service, read from the environment (prefix `CARPOOL_`) and checked before anything starts."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DEVELOPMENT_KEY = "development-only-key-that-no-deployment-may-use"
SHORTEST_KEY = 32
SHORTEST_TOKEN = 32
LONGEST_URL_IN_TEXTS = 60
"""A private link has to fit into two text messages together with what they say."""
NOBODY = "carpool@localhost.localdomain"


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode]


class Settings(BaseSettings):
    """The settings, with the defaults of a first run on somebody's own machine. `.env.example` explains each."""

    model_config = SettingsConfigDict(env_prefix="CARPOOL_", env_file=".env", extra="ignore", frozen=True)

    environment: Literal["development", "production"] = "development"
    secret_key: str = Field(default=DEVELOPMENT_KEY, repr=False)
    database_url: str | None = Field(default=None, repr=False)
    data: Path = Path("data")
    backups: Path | None = None
    backups_days: int = Field(default=7, ge=1, le=30)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    base_url: str = ""
    smtp_url: str | None = Field(default=None, repr=False)
    mail_from: str = "Key Seat Carpool <carpool@localhost.localdomain>"
    sms_url: str | None = None
    sms_account: str = ""
    sms_token: str = Field(default="", repr=False)
    sms_sender: str = ""
    sms_a_day: int = Field(default=2000, ge=0)
    sms_a_day_campaign: int = Field(default=1000, ge=0)
    sms_a_day_number: int = Field(default=10, ge=0)
    publish_wait_seconds: int = Field(default=120, ge=0, le=3600)
    osrm_url: str | None = None
    geocoder_url: str | None = None
    trusted_proxies: Networks = ()
    metrics_token: str = Field(default="", repr=False)
    metrics_from: Networks = ()
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    operator_name: str = "the operator of this service"
    operator_contact: str = NOBODY
    welsh_reviewer: str = ""
    test_phone_numbers: bool = False
    demo: bool = False

    @field_validator("trusted_proxies", "metrics_from", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        """A comma-separated list of networks is what fits in an environment variable."""
        if not isinstance(value, str):
            return value
        return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())

    @field_validator("osrm_url")
    @classmethod
    def _router(cls, value: str | None) -> str | None:
        if value and not _is_web(value):
            raise ValueError("CARPOOL_OSRM_URL must be the http(s):// address of an OSRM server")
        return value

    @model_validator(mode="after")
    def _safe(self) -> Self:
        """Outside development a key that everybody knows, or could guess, would open every private link."""
        if self.production and (self.secret_key == DEVELOPMENT_KEY or len(self.secret_key) < SHORTEST_KEY):
            raise ValueError(
                f"CARPOOL_SECRET_KEY must be a random text of at least {SHORTEST_KEY} characters outside development; "
                'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        if self.production and not _is_https(self.base_url):
            raise ValueError(
                "CARPOOL_BASE_URL must be the https:// address that people type, outside development"
            )
        if self.production and self.demo:
            raise ValueError("CARPOOL_DEMO shows every message to everybody, and is for development only")
        if self.production and self.metrics_token and len(self.metrics_token) < SHORTEST_TOKEN:
            raise ValueError(
                f"CARPOOL_METRICS_TOKEN must be random and of at least {SHORTEST_TOKEN} characters"
            )
        return self

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        """What others have to find: our own address in a text, and the servers that we ask."""
        if self.sms_url and len(self.public_url) > LONGEST_URL_IN_TEXTS:
            raise ValueError(
                f"CARPOOL_BASE_URL is too long for text messages, at most {LONGEST_URL_IN_TEXTS} characters"
            )
        if self.geocoder_url and not _is_web(self.geocoder_url):
            raise ValueError("CARPOOL_GEOCODER_URL must be the http(s):// address of a Nominatim server")
        if self.production and self.geocoder_url and self.operator_contact == NOBODY:
            raise ValueError("CARPOOL_OPERATOR_CONTACT must be set: the geocoder is told who asks")
        return self

    @property
    def sends_texts(self) -> bool:
        """Whether people may choose text messages; on somebody's own machine the terminal shows them, as it does mails."""
        return self.sms_url is not None or not self.production

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def public_url(self) -> str:
        """Where people reach the service, without a slash at the end."""
        return (self.base_url or f"http://localhost:{self.port}").rstrip("/")


def _is_https(address: str) -> bool:
    return _is_web(address) and urlsplit(address).scheme == "https"


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


@lru_cache
def settings() -> Settings:
    """The process's settings, read once."""
    return Settings()
