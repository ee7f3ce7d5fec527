"""The imprint stands at the foot of every page, mail and sheet of a campaign, as docs/privacy.md says."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from api.messages.letters import KINDS
from api.messages.staff_letters import SUBJECTS
from api.services import previews
from tests.api import world
from tests.api.door import Door, door
from tests.api.door import get_in as host_in
from tests.api.pages.reading import read
from tests.api.pages.scene import Pair, Scene, pair, publish
from tests.api.pages.test_lifts import get_in

__all__ = ["door", "pair"]
IMPRINT = "Promoted by P. Shah, 1 High Street, Leeds."
PRIVATE = ("/my", "/my/cancel", "/my/erase", "/my/contact", "/my/friends", "/my/never-with", "/my/unsafe")


def test_on_every_public_page_of_the_campaign(client: TestClient, scene: Scene) -> None:
    place, event = f"/places/{scene.morning.constituency}", f"/events/{scene.morning.id}"
    pages = ["", f"/days/{world.DAY}", "/near?postcode=LS6+2AB", "/home", place, event, "/sent/ABCD-2345"]
    forms = [
        f"/{what}/{step}" for what in ("offer", "ask", "either") for step in ("where", "when", "contact")
    ]
    for path in (*pages, *forms, f"{place}/sheet", f"{event}/sheet"):
        answer = client.get(f"{scene.base}{path}", follow_redirects=True)
        assert (answer.status_code, IMPRINT in read(answer).text) == (200, True), path


def test_on_every_private_page(app: FastAPI, db: Session, scene: Scene) -> None:
    both = (
        world.add_offer(db, scene.campaign, confirmed=False),
        world.add_request(db, scene.campaign, confirmed=False),
    )
    db.commit()
    clients = [get_in(app, db, sign_up) for sign_up in both]
    publish(db, scene)
    for client in clients:
        for path in PRIVATE:
            answer = client.get(path)
            assert (answer.status_code, IMPRINT in read(answer).text) == (200, True), path


def test_on_the_page_of_a_host(app: FastAPI, db: Session, door: Door) -> None:
    db.add(door.scene.campaign.sqlmodel_update({"imprint": IMPRINT}))
    db.commit()
    assert IMPRINT in read(host_in(app, db, door.host).get("/host")).text


@pytest.mark.parametrize("kind", sorted({*KINDS, *SUBJECTS}))
def test_in_every_mail(scene: Scene, kind: str) -> None:
    for shown in previews.previews(scene.campaign, kind):
        assert IMPRINT in shown.text
        assert IMPRINT in shown.body


def test_on_what_is_printed_for_drivers_and_hosts(desk: TestClient, scene: Scene, pair: Pair) -> None:
    for paper in ("driver-sheets", "arrival-lists"):
        address = f"{scene.desk}/{world.DAY}/exports/paper/{paper}"
        hidden = read(desk.get(address)).hidden()
        answer = desk.post(address, data=hidden | {"agreed": "true"})
        assert (answer.status_code, IMPRINT in read(answer).text) == (200, True), paper
