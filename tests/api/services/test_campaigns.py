"""Campaigns, their key constituencies, events and formulas; and who may see which."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from api.errors import Invalid, NotFound
from api.services import campaigns, constituencies
from api.services.campaign_forms import CampaignForm, EventForm, RulesForm
from api.services.local import local
from api.store.tables import AuditEntry
from tests.api import world


def test_a_campaign_is_its_coordinators_alone(db: Session) -> None:
    mine, other = world.add_coordinator(db), world.add_coordinator(db)
    campaign = world.add_campaign(db, mine)
    assert campaigns.find_for(db, campaign.slug, mine).id == campaign.id
    with pytest.raises(NotFound) as hidden:
        campaigns.find_for(db, campaign.slug, other)
    with pytest.raises(NotFound) as absent:
        campaigns.find_for(db, "nowhere", other)
    assert hidden.value.message == absent.value.message
    assert [view.slug for view in campaigns.of_coordinator(db, mine)] == [campaign.slug]
    assert campaigns.of_coordinator(db, other) == []


def test_campaigns_of_one_name_get_addresses_of_their_own(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    slugs = [
        world.add_campaign(db, coordinator, name).slug
        for name in ("Élection Day!", "Election day", "!!!", "New")
    ]
    assert slugs == ["election-day", "election-day-2", "campaign", "new-2"]


def test_every_constituency_under_five_percent_in_one_step(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    assert campaigns.add_marginal(db, campaign, coordinator, 5.0) == 115
    assert campaigns.add_marginal(db, campaign, coordinator, 10.0) == 223 - 115
    first = campaigns.key_constituencies(db, campaign)[0]
    assert (first.name, first.majority) == ("Hendon", 15)
    campaigns.remove_key(db, campaign, coordinator, first.code)
    assert len(campaigns.key_constituencies(db, campaign)) == 222
    assert campaigns.add_key(db, campaign, coordinator, first.code) == 1
    with pytest.raises(Invalid):
        campaigns.add_marginal(db, campaign, coordinator, 0)
    with pytest.raises(Invalid):
        campaigns.add_key(db, campaign, coordinator, "E00000000")


def test_an_event_stands_where_and_when_its_coordinator_said(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    event = world.add_event(db, campaign, coordinator, postcode="ls62ab")
    assert (event.postcode, event.constituency_name) == ("LS6 2AB", "Leeds North West")
    assert (event.starts_at.time(), event.ends_at.time()) == (time(10), time(13))
    assert campaigns.events(db, campaign, world.DAY) == [event]
    assert campaigns.days(db, campaign) == [world.DAY]
    campaigns.cancel_event(db, campaign, coordinator, event.id)
    assert campaigns.events(db, campaign)[0].cancelled
    with pytest.raises(NotFound):
        campaigns.cancel_event(db, world.add_campaign(db, coordinator), coordinator, event.id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"constituency": "E00000000"}, "constituency"), ({"postcode": "XX1 1XX"}, "postcode")],
)
def test_an_event_nowhere_is_refused_by_field(db: Session, changes: dict[str, str], field: str) -> None:
    coordinator = world.add_coordinator(db)
    with pytest.raises(Invalid) as caught:
        world.add_event(db, world.add_campaign(db, coordinator), coordinator, **changes)
    assert list(caught.value.errors) == [field]


def test_the_clock_of_an_event_is_the_wall_in_summer_and_winter(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    for month in (1, 7):
        event = world.add_event(
            db, campaign, coordinator, day=world.DAY.replace(year=2029, month=month, day=3)
        )
        assert local(event.starts_at).time() == time(10)


@pytest.mark.parametrize(
    "wrong",
    [
        {"contact_email": "nobody"},
        {"contact_email": "tëam@example.org"},
        {"name": "  "},
        {"organizer": "typo"},
    ],
)
def test_a_campaign_form_that_does_not_fit_is_refused(wrong: dict[str, str]) -> None:
    right = {"name": "Polling day", "organiser": "Us", "contact_email": "team@example.org"}
    assert CampaignForm.model_validate(right).name == "Polling day"
    with pytest.raises(ValidationError):
        CampaignForm.model_validate(right | wrong)


def test_an_event_cannot_end_before_it_starts() -> None:
    values = {
        "title": "T",
        "constituency": "x",
        "place_name": "P",
        "postcode": "LS6 2AB",
        "day": world.DAY,
        "wanted": 1,
    }
    assert (
        EventForm.model_validate({**values, "starts": "10:00", "ends": "12:00", "capacity": ""}).capacity
        is None
    )
    with pytest.raises(ValidationError, match="later than the start"):
        EventForm.model_validate({**values, "starts": "12:00", "ends": "12:00"})


def test_a_campaign_changes_the_formulas_for_itself_alone(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign, other = world.add_campaign(db, coordinator), world.add_campaign(db, coordinator)
    hendon = constituencies.current(db)["E14001279"]
    campaigns.set_rules(db, campaign, coordinator, RulesForm(weight_most=10.0, minutes_per_volunteer=500.0))
    assert constituencies.event_weight(campaign, hendon, None) == pytest.approx(10.0, rel=0.01)
    assert constituencies.event_weight(other, hendon, None) == pytest.approx(3.0, rel=0.01)
    assert constituencies.event_weight(campaign, hendon, 1.5) == 1.5
    assert campaigns.rules(campaign) == RulesForm(weight_most=10.0, minutes_per_volunteer=500.0)
    assert campaigns.rules(other) == RulesForm()


def test_what_a_coordinator_does_is_recorded(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    event = world.add_event(db, campaign, coordinator)
    campaigns.cancel_event(db, campaign, coordinator, event.id)
    db.commit()
    entries = db.exec(select(AuditEntry).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]  # a column, not an int
    assert [entry.what for entry in entries] == ["campaign created", "event added", "event cancelled"]
    assert all(entry.coordinator_id == coordinator.id for entry in entries)


@pytest.mark.parametrize("changes", [
    {"day": date(2030, 3, 31), "starts": time(1, 30), "ends": time(2, 15)},
    {"starts": "10:00Z"},
    {"starts": "10:00Z", "ends": "12:00Z"},
    {"day": date(9999, 12, 31)},
    {"day": date(1, 1, 1)},
])  # fmt: skip
def test_an_event_whose_times_cannot_be_is_refused(db: Session, changes: dict[str, Any]) -> None:
    coordinator = world.add_coordinator(db)
    with pytest.raises(ValidationError):
        world.add_event(db, world.add_campaign(db, coordinator), coordinator, **changes)


def test_an_event_may_last_through_the_hour_that_is_skipped(db: Session) -> None:
    coordinator = world.add_coordinator(db)
    skipped = date(2030, 3, 31)
    event = world.add_event(
        db, world.add_campaign(db, coordinator), coordinator, day=skipped, starts=time(0, 30), ends=time(3)
    )
    assert (event.ends_at - event.starts_at) == timedelta(hours=2, minutes=30)
    assert event.ends_at.timestamp() - event.starts_at.timestamp() == 1.5 * 3600
