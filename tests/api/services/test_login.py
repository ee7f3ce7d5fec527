"""Coordinators are who they say, and nobody learns who is one."""

from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Session, select

from api.errors import Conflict, Invalid
from api.services import login
from api.services.login import (
    WrongLogin,
    add_coordinator,
    coordinator_of,
    disable,
    log_in,
    log_out,
    set_password,
)
from api.store.tables import Coordinator, LoginSession, now

EMAIL, PASSWORD = "ann@example.org", "correct horse battery"


@pytest.fixture
def ann(db: Session) -> Coordinator:
    return add_coordinator(db, f" {EMAIL.upper()} ", "Ann ", PASSWORD)


def test_the_right_password_opens(db: Session, ann: Coordinator) -> None:
    token = log_in(db, " Ann@Example.org", PASSWORD, "cookie")
    found = coordinator_of(db, token, "cookie")
    assert found is not None
    assert (found.id, found.name, found.email) == (ann.id, "Ann", EMAIL)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "wrong horse battery"),
        (EMAIL, ""),
        (EMAIL, PASSWORD + " "),
        (EMAIL, PASSWORD + "\0"),
        (EMAIL, "\ud800"),
        (EMAIL, "x" * 100_000),
        ("nobody@example.org", PASSWORD),
        ("", PASSWORD),
        ("ann@example.org\0", "wrong"),
    ],
)
def test_anything_else_does_not_and_all_get_the_same_words(
    db: Session, ann: Coordinator, email: str, password: str
) -> None:
    with pytest.raises(WrongLogin) as refused:
        log_in(db, email, password, "cookie")
    assert refused.value.message == WrongLogin.words
    assert db.exec(select(LoginSession)).all() == []


class Counting(Argon2Hasher):
    """The real thing, which counts how often it worked and at what strength."""

    def __init__(self) -> None:
        super().__init__()
        self.work: list[str] = []

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:
        self.work.append(str(hash).rsplit("$", 2)[0])
        return super().verify(password, hash)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org", ""])
def test_an_unknown_address_takes_as_much_work(
    db: Session, ann: Coordinator, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    hasher = Counting()
    monkeypatch.setattr(login, "_passwords", PasswordHash((hasher,)))
    with pytest.raises(WrongLogin):
        log_in(db, email, "wrong horse battery", "cookie")
    assert hasher.work == [ann.password_hash.rsplit("$", 2)[0]]


def test_passwords_are_hashed_by_argon2id(ann: Coordinator) -> None:
    assert ann.password_hash.startswith("$argon2id$")


def test_a_hash_of_older_strength_is_renewed(db: Session, ann: Coordinator) -> None:
    ann.password_hash = Argon2Hasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
    log_in(db, EMAIL, PASSWORD, "cookie")
    assert "m=65536" in ann.password_hash


def test_only_a_hash_of_a_long_token_is_kept(db: Session, ann: Coordinator) -> None:
    token = log_in(db, EMAIL, PASSWORD, "cookie")
    assert len(token) >= 43
    kept = db.exec(select(LoginSession)).one()
    assert kept.token_hash == login.hash_of(token)
    assert token.encode() not in kept.token_hash
    assert log_in(db, EMAIL, PASSWORD, "cookie") != token


def test_logging_out_ends_it_and_only_it(db: Session, ann: Coordinator) -> None:
    here, there = (log_in(db, EMAIL, PASSWORD, "cookie") for _ in range(2))
    log_out(db, here)
    log_out(db, here)
    assert coordinator_of(db, here, "cookie") is None
    assert coordinator_of(db, there, "cookie") is not None


def test_a_token_serves_only_its_own_way_in(db: Session, ann: Coordinator) -> None:
    assert coordinator_of(db, log_in(db, EMAIL, PASSWORD, "cookie"), "bearer") is None
    assert coordinator_of(db, log_in(db, EMAIL, PASSWORD, "bearer"), "cookie") is None


def test_it_ends_by_itself(db: Session, ann: Coordinator) -> None:
    token = log_in(db, EMAIL, PASSWORD, "cookie")
    kept = db.exec(select(LoginSession)).one()
    assert timedelta(hours=11) < kept.expires_at - now() <= login.LASTS
    kept.expires_at = now()
    db.flush()
    assert coordinator_of(db, token, "cookie") is None


def test_another_password_ends_what_the_old_one_opened(db: Session, ann: Coordinator) -> None:
    token = log_in(db, EMAIL, PASSWORD, "cookie")
    with pytest.raises(Invalid):
        set_password(db, ann, "short")
    set_password(db, ann, "staple correct horse")
    assert coordinator_of(db, token, "cookie") is None
    with pytest.raises(WrongLogin):
        log_in(db, EMAIL, PASSWORD, "cookie")
    assert log_in(db, EMAIL, "staple correct horse", "cookie")


def test_who_is_disabled_is_out_at_once(db: Session, ann: Coordinator) -> None:
    token = log_in(db, EMAIL, PASSWORD, "cookie")
    disable(db, ann)
    db.flush()
    assert coordinator_of(db, token, "cookie") is None
    with pytest.raises(WrongLogin):
        log_in(db, EMAIL, PASSWORD, "cookie")


def test_who_is_disabled_by_hand_is_out_at_once(db: Session, ann: Coordinator) -> None:
    token = log_in(db, EMAIL, PASSWORD, "cookie")
    ann.disabled_at = now()
    db.flush()
    assert coordinator_of(db, token, "cookie") is None


@pytest.mark.parametrize(
    ("email", "name", "password", "field"),
    [
        ("ann", "Ann", PASSWORD, "email"),
        ("@", "Ann", PASSWORD, "email"),
        ("ann lee@example.org", "Ann", PASSWORD, "email"),
        ("ann@example.org\nBcc: bob@example.org", "Ann", PASSWORD, "email"),
        (EMAIL, " ", PASSWORD, "name"),
        (EMAIL, "Ann", "short", "password"),
        (EMAIL, "Ann", "x" * 201, "password"),
    ],
)
def test_a_coordinator_needs_an_address_a_name_and_a_password(
    db: Session, email: str, name: str, password: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add_coordinator(db, email, name, password)
    assert list(refused.value.errors) == [field]
    assert password not in refused.value.message


def test_an_address_has_one_account(db: Session, ann: Coordinator) -> None:
    with pytest.raises(Conflict):
        add_coordinator(db, EMAIL, "Other Ann", PASSWORD)
    assert len(db.exec(select(Coordinator)).all()) == 1
