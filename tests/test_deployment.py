"""The image, the compose file and the proxy agree with the settings and with each other, and hold no secret."""

import json
import os
import re
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, text

from api.app import create_app
from api.settings import Settings
from tests.api.test_logs import serving

PROJECT = Path(__file__).resolve().parent.parent
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
COMPOSE_TEXT = (PROJECT / "docker-compose.yml").read_text()
CADDYFILE = (PROJECT / "deploy" / "Caddyfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker")

# What an operator would put in `.env`.
VALUES = {
    "CARPOOL_BASE_URL": "https://lifts.example.org",
    "CARPOOL_SECRET_KEY": "k" * 48,
    "CARPOOL_SMTP_URL": "smtp://mailpit:1025",
    "CARPOOL_MAIL_FROM": "Lifts <lifts@example.org>",
    "CARPOOL_OPERATOR_NAME": "The campaign",
    "CARPOOL_OPERATOR_CONTACT": "lifts@example.org",
    "POSTGRES_PASSWORD": "abc123",
}


def filled_in(value: str) -> str:
    """A value of the compose file as Docker would pass it on: `${NAME:?…}` must be set, `${NAME:-default}` may be."""

    def replace(match: re.Match[str]) -> str:
        name, sign, rest = match.groups()
        return VALUES.get(name, rest) if sign == ":-" else VALUES[name]

    return re.sub(r"\$\{(\w+)(:[?-])([^}]*)\}", replace, value)


def environment(service: str) -> dict[str, str]:
    """The variables that a service gets; those without a value are passed through and unset here."""
    given: dict[str, str | None] = SERVICES[service]["environment"]
    return {name: filled_in(value) for name, value in given.items() if value is not None}


def known_variables() -> set[str]:
    return {f"CARPOOL_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize(
    "text", [DOCKERFILE, COMPOSE_TEXT, CADDYFILE], ids=["Dockerfile", "compose", "Caddyfile"]
)
def test_every_variable_is_a_setting(text: str) -> None:
    named = set(re.findall(r"CARPOOL_[A-Z_]+", text))
    assert named
    assert named <= known_variables()


def test_every_variable_to_fill_in_is_documented() -> None:
    example = (PROJECT / ".env.example").read_text()
    needed = set(re.findall(r"\$\{(\w+)", COMPOSE_TEXT))
    assert needed <= set(re.findall(r"^#?\s?([A-Z_]+)=", example, re.MULTILINE))
    assert set(VALUES) <= needed


def test_every_setting_of_a_server_is_handed_on() -> None:
    """What stands in `.env` and not here would never arrive."""
    own = {"CARPOOL_DATA", "CARPOOL_HOST", "CARPOOL_PORT", "CARPOOL_DEMO", "CARPOOL_TEST_PHONE_NUMBERS"}
    assert known_variables() - own == set(SERVICES["web"]["environment"])


def test_what_may_be_left_out_has_the_default_of_the_settings() -> None:
    for name, value in environment("web").items():
        given = SERVICES["web"]["environment"][name]
        if ":-" in given:
            assert value == str(Settings.model_fields[name.removeprefix("CARPOOL_").lower()].default), name


@pytest.mark.parametrize("service", OURS)
def test_the_settings_accept_what_a_service_gets(service: str) -> None:
    given = {name.removeprefix("CARPOOL_").lower(): value for name, value in environment(service).items()}
    settings = Settings(_env_file=None, **given)  # type: ignore[call-arg, arg-type]  # pydantic converts and checks
    assert settings.production
    assert settings.database_url == "postgresql+psycopg://carpool:abc123@database/carpool"
    assert settings.public_url == "https://lifts.example.org"


def test_every_part_is_there() -> None:
    assert set(SERVICES) == {"database", "migrate", "web", "worker", "proxy", "osrm", "mailpit"}
    assert SERVICES["osrm"]["profiles"] == ["routing"]
    assert SERVICES["mailpit"]["profiles"] == ["mail-test"]
    assert SERVICES["database"]["image"].startswith("postgres:18")


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy", "mailpit"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["mailpit"]["ports"])
    assert SERVICES["database"]["networks"] == ["back"]
    assert COMPOSE["networks"]["back"]["internal"] is True


def test_the_service_believes_the_proxy_and_nobody_else() -> None:
    trusted = [ip_network(part) for part in environment("web")["CARPOOL_TRUSTED_PROXIES"].split(",")]
    address = ip_address(SERVICES["proxy"]["networks"]["front"]["ipv4_address"])
    subnet = ip_network(COMPOSE["networks"]["front"]["ipam"]["config"][0]["subnet"])
    assert address in subnet
    assert trusted == [ip_network(address)]
    assert [name for name, service in SERVICES.items() if "front" in service["networks"]] == ["web", "proxy"]


def test_the_ports_agree() -> None:
    port = str(Settings.model_fields["port"].default)
    assert re.findall(r"reverse_proxy (\S+)", CADDYFILE) == [f"web:{port}"]
    assert re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE) == [port]
    assert SERVICES["web"]["expose"] == [port]
    assert f"http://127.0.0.1:{port}/ready" in " ".join(SERVICES["web"]["healthcheck"]["test"])
    assert f"'127.0.0.1:{port}'" in checked_in_image()[-1]
    assert "CARPOOL_HOST=0.0.0.0" in DOCKERFILE


def checked_in_image() -> list[str]:
    """The check that the image brings along."""
    found = re.search(r"^HEALTHCHECK[^\n]*\\\n +CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert found, "the Dockerfile has no check"
    command: list[str] = json.loads(found[1])
    return command


def ends_with(command: list[str], address: str, database_url: str) -> int:
    """What a check ends with when the service is at an address and its database at another."""
    here = [word.replace("127.0.0.1:8000", address.removeprefix("http://")) for word in command]
    env = os.environ | {"CARPOOL_DATABASE_URL": database_url}
    return subprocess.run([sys.executable, *here[1:]], env=env, cwd=PROJECT, capture_output=True).returncode


def test_the_checks_say_how_it_is(engine: Engine, settings: Settings, database_url: str) -> None:
    web, worker = (SERVICES[name]["healthcheck"]["test"] for name in ("web", "worker"))
    assert (web[0], worker[0]) == ("CMD", "CMD")
    checks = (checked_in_image(), web[1:], worker[1:])
    with serving(create_app(settings, engine)) as address:
        # Nobody works: that is the worker's illness alone.
        assert [ends_with(check, address, database_url) for check in checks] == [0, 0, 1]
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
        assert [ends_with(check, address, database_url) for check in checks] == [0, 0, 0]
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        assert [ends_with(check, address, database_url) for check in checks] == [0, 1, 1]
    assert [ends_with(check, address, database_url) for check in checks[:2]] == [1, 1]


@pytest.mark.parametrize("service", OURS)
def test_every_command_exists(service: str) -> None:
    command: list[str] = SERVICES[service]["command"]
    assert command[:3] == ["python", "-m", "api"]
    asked = [sys.executable, *command[1:], "--help"]
    done = subprocess.run(asked, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert done.returncode == 0, done.stderr


def test_whoever_waits_for_a_page_comes_before_letters_and_runs() -> None:
    assert SERVICES["worker"]["cpu_shares"] == 110
    assert all("cpu_shares" not in SERVICES[name] for name in ("web", "database", "proxy"))


def test_nothing_starts_before_what_it_needs() -> None:
    assert SERVICES["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for service in ("web", "worker"):
        assert SERVICES[service]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES["proxy"]["depends_on"] == {"web": {"condition": "service_healthy"}}
    assert all("healthcheck" in SERVICES[name] for name in ("database", "web", "worker", "proxy"))
    # It inherits that of the image, and serves nothing.
    assert SERVICES["migrate"]["healthcheck"] == {"disable": True}


def test_every_image_is_pinned_to_a_version() -> None:
    images = [service["image"] for service in SERVICES.values()] + re.findall(
        r"^FROM (\S+)", DOCKERFILE, re.MULTILINE
    )
    assert len(images) >= 10
    for image in images:
        assert re.search(r":v?\d[\w.-]*$", image), image


def test_there_is_no_secret_in_any_file() -> None:
    for name, service in SERVICES.items():
        for variable, value in (service.get("environment") or {}).items():
            if re.search("KEY|PASSWORD|SECRET|TOKEN|SMTP_URL", variable):
                assert re.fullmatch(r"\$\{\w+:(\?[^}]*|-)\}", value), f"{name} {variable}"
            assert not re.search(r"//[^$/]+:[^$/]+@", value or ""), f"{name} {variable}"
    assert not re.search(r"(KEY|PASSWORD|SECRET|TOKEN)\w*=", DOCKERFILE)


def test_the_image_runs_without_rights() -> None:
    final = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    user = re.findall(r"^USER (\S+)$", final, re.MULTILINE)
    assert user == ["carpool"]
    assert f"useradd --system --uid 10001 --no-create-home {user[0]}" in final
    for service in OURS:
        assert SERVICES[service]["cap_drop"] == ["ALL"]
        assert SERVICES[service]["read_only"] is True


def test_the_image_is_built_from_locked_packages() -> None:
    installs = re.findall(r"pip install (.*)", DOCKERFILE)
    assert installs[0].startswith("--require-hashes -r requirements.lock")
    assert all(
        install.startswith(("--require-hashes", "--no-deps --no-build-isolation")) for install in installs
    )
    assert re.findall(r"npm \w+.*", DOCKERFILE) == ["npm ci --ignore-scripts"]


def test_make_and_the_image_copy_the_same_libraries() -> None:
    def copied(text: str) -> set[str]:
        return set(re.findall(r"node_modules/([\w./-]+)", text))

    assert copied(DOCKERFILE) == copied((PROJECT / "Makefile").read_text()) != set()


def test_only_what_is_copied_goes_into_the_build() -> None:
    lines = [
        line for line in (PROJECT / ".dockerignore").read_text().splitlines() if not line.startswith("#")
    ]
    assert lines[0] == "*"
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    sources = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert let_in == {name for source in sources for name in source.split()}
    assert all((PROJECT / name).exists() for name in let_in)


def test_the_proxy_logs_no_address() -> None:
    """A private link is an address: neither an access log nor an error may hold one."""
    assert re.search(r"format filter {\s+wrap json\s+fields {\s+request delete\s+}", CADDYFILE)
    assert len(re.findall(r"\blog\b *{", CADDYFILE)) == 1
