"""A driver's car cannot go on: a button on the day, a page that says what it does, and the riders hear at once."""

from datetime import timedelta

from fastapi import FastAPI
from sqlmodel import Session

from tests.api import world
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, publish
from tests.api.pages.test_lifts import get_in, my, press
from tests.api.services.repair.day import kinds, on_the_day, repairs_of

BUTTON = "My car cannot go on"


def test_before_the_day_there_is_no_such_button(app: FastAPI, db: Session, scene: Scene) -> None:
    offer = world.add_offer(db, scene.campaign, confirmed=False)
    world.add_request(db, scene.campaign)
    driver = get_in(app, db, offer)
    publish(db, scene)
    assert BUTTON not in my(driver).text
    assert driver.get("/my/broken-down").headers["location"] == "/my"
    assert press(driver, "/my", "/my/broken-down").status_code == 409
    assert repairs_of(db) == []


def test_on_the_day_a_driver_says_so_and_the_riders_hear_at_once(
    app: FastAPI, db: Session, scene: Scene
) -> None:
    offer = world.add_offer(db, scene.campaign, confirmed=False)
    request = world.add_request(db, scene.campaign, confirmed=False)
    driver, rider = get_in(app, db, offer), get_in(app, db, request)
    publish(db, scene)
    on_the_day(db, timedelta(minutes=-5))
    assert BUTTON in my(driver).text and BUTTON not in my(rider).text
    asked = read(driver.get("/my/broken-down")).text
    assert "First get everybody to a safe place" in asked and "we tell your riders at once" in asked
    assert kinds(db, request) == ["matched"]
    assert press(driver, "/my", "/my/broken-down").headers["location"] == "/my"
    assert kinds(db, request) == ["matched", "driver_cancelled"]
    assert [repair.cause for repair in repairs_of(db)] == ["broke_down"]
    assert "You have cancelled" in my(driver).text
    assert press(driver, "/my", "/my/broken-down").status_code == 303
    assert len(repairs_of(db)) == 1


def test_a_rider_has_no_car(app: FastAPI, db: Session, scene: Scene) -> None:
    world.add_offer(db, scene.campaign)
    request = world.add_request(db, scene.campaign, confirmed=False)
    rider = get_in(app, db, request)
    publish(db, scene)
    on_the_day(db, timedelta(minutes=-5))
    press(rider, "/my", "/my/broken-down")
    assert kinds(db, request) == ["matched"]
