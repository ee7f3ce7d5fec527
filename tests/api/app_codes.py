"""The app on a coordinator's telephone, as far as tests need one."""

from collections.abc import Iterable
from datetime import timedelta

import pyotp
from sqlmodel import Session, update

from api.services import codes, login
from api.services.local import now
from api.store.tables import Coordinator, LoginSession


class App:
    """Shows codes; each call another one that may be used now, at most three in half a minute."""

    def __init__(self, secret: str, used: Iterable[int] = ()) -> None:
        self.totp = pyotp.TOTP(secret)
        self.used = list(used)

    def code(self) -> str:
        here = int(now().timestamp()) // codes.STEP_SECONDS
        # Of the three that count the latest but one last, so that time may pass while the test runs.
        step = max([here - 1, *(used + 1 for used in self.used)])
        self.used.append(step)
        return self.totp.generate_otp(step)

    def wrong(self) -> str:
        here = int(now().timestamp()) // codes.STEP_SECONDS
        near = {self.totp.generate_otp(here + offset) for offset in range(-2, 4)}
        return next(
            code
            for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666")
            if code not in near
        )


def set_up(db: Session, coordinator: Coordinator) -> tuple[App, list[str]]:
    """Their app, and their recovery codes; committed."""
    codes.begin(db, coordinator)
    app = App(codes.waiting_secret(coordinator))
    recovery = codes.switch_on(db, coordinator, app.code())
    db.commit()
    return app, recovery


def make_stale(db: Session, ago: timedelta = login.FRESH) -> None:
    """As if everybody had logged in some time ago."""
    db.exec(update(LoginSession).values(confirmed_at=now() - ago))
    db.commit()
