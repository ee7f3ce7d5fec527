"""Codes of an app and recovery codes: each works once, and nothing that the database holds makes one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.errors import Conflict, Invalid, NotFound
from api.services import codes, login
from api.settings import settings
from api.store.session import open_session
from api.store.tables import Coordinator, RecoveryCode
from tests.api.app_codes import App, set_up

EMAIL, PASSWORD = "ann@example.org", "correct horse battery"


@pytest.fixture
def ann(db: Session) -> Coordinator:
    return login.add_coordinator(db, EMAIL, "Ann", PASSWORD)


def test_they_are_on_only_once_the_app_has_shown_the_right_code(db: Session, ann: Coordinator) -> None:
    codes.begin(db, ann)
    app = App(codes.waiting_secret(ann))
    for wrong in (app.wrong(), "", "12345", "x" * 500, "１２３４５６"):
        with pytest.raises(Invalid):
            codes.switch_on(db, ann, wrong)
    assert not codes.is_on(ann)
    assert len(codes.switch_on(db, ann, app.code())) == codes.RECOVERY_CODES
    assert codes.is_on(ann) and codes.waiting_secret(ann) == ""
    with pytest.raises(Conflict):
        codes.switch_on(db, ann, app.code())


def test_a_code_works_once(db: Session, ann: Coordinator) -> None:
    app, _ = set_up(db, ann)
    code = app.code()
    assert codes.is_right(db, ann, f" {code[:3]} {code[3:]} ")
    assert not codes.is_right(db, ann, code)
    assert codes.is_right(db, ann, app.code())
    assert not codes.is_right(db, ann, app.wrong())


def test_the_code_that_set_it_up_does_not_log_in(db: Session, ann: Coordinator) -> None:
    codes.begin(db, ann)
    code = App(codes.waiting_secret(ann)).code()
    codes.switch_on(db, ann, code)
    assert not codes.is_right(db, ann, code)


def test_of_many_who_use_a_code_at_once_one_does(engine: Engine, db: Session, ann: Coordinator) -> None:
    app, recovery = set_up(db, ann)
    for code in (app.code(), recovery[0]):

        def use(_: int, code: str = code) -> bool:
            with open_session(engine) as own:
                right = codes.is_right(own, own.get_one(Coordinator, ann.id), code)
                own.commit()
                return right

        with ThreadPoolExecutor(6) as threads:
            assert sum(threads.map(use, range(6))) == 1


def test_a_recovery_code_works_once_however_it_is_typed(db: Session, ann: Coordinator) -> None:
    _, recovery = set_up(db, ann)
    assert codes.is_right(db, ann, f" {recovery[0].lower().replace('-', ' ')} ")
    assert not codes.is_right(db, ann, recovery[0])
    assert codes.recovery_codes_left(db, ann) == 9
    assert len(set(recovery)) == 10 and all(len(code.replace("-", "")) == 16 for code in recovery)


def test_the_database_holds_neither_secret_nor_recovery_code(
    db: Session, ann: Coordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes.begin(db, ann)
    secret = codes.waiting_secret(ann)
    recovery = codes.switch_on(db, ann, App(secret).code())
    kept = str([row.model_dump() for row in (*db.exec(select(RecoveryCode)).all(), ann)])
    assert secret not in kept and not any(code in kept or code.replace("-", "") in kept for code in recovery)
    codes.begin(db, ann)
    before = codes.waiting_secret(ann)
    other = settings().model_copy(update={"secret_key": "another"})
    monkeypatch.setattr(codes, "settings", lambda: other)
    assert codes.waiting_secret(ann) != before


def test_another_app_takes_over_only_once_it_is_confirmed(db: Session, ann: Coordinator) -> None:
    app, recovery = set_up(db, ann)
    codes.begin(db, ann)
    assert codes.is_right(db, ann, app.code())
    new = App(codes.waiting_secret(ann), app.used)
    codes.switch_on(db, ann, new.code())
    assert not codes.is_right(db, ann, recovery[0])


def test_switched_off_none_is_asked_for_and_none_works(db: Session, ann: Coordinator) -> None:
    _, recovery = set_up(db, ann)
    codes.switch_off(db, ann)
    assert not codes.is_on(ann) and not codes.is_right(db, ann, recovery[0])
    with pytest.raises(Conflict):
        codes.renew_recovery_codes(db, ann)


def test_renewed_the_old_recovery_codes_work_no_more(db: Session, ann: Coordinator) -> None:
    _, recovery = set_up(db, ann)
    new = codes.renew_recovery_codes(db, ann)
    assert not codes.is_right(db, ann, recovery[0]) and codes.is_right(db, ann, new[0])


def test_nobody_has_no_right_code(db: Session, ann: Coordinator) -> None:
    for typed in ("", "123456", "ABCD-EFGH-IJKL-MNOP"):
        assert not codes.is_right(db, None, typed) and not codes.is_right(db, ann, typed)


def test_the_operator_lets_in_who_lost_everything(db: Session, ann: Coordinator) -> None:
    set_up(db, ann)
    token = login.log_in(db, EMAIL, PASSWORD, "cookie")
    assert not codes.is_on(codes.reset(db, " Ann@example.org "))
    assert login.coordinator_of(db, token, "cookie") is None
    with pytest.raises(NotFound):
        codes.reset(db, "nobody@example.org")
