"""Where somebody is: our own tables first, then the operator's geocoder; and postcodes work whatever happens."""

import pytest
from sqlmodel import Session, col, select, update

from api.errors import Invalid
from api.geocoding import is_name
from api.geocoding.asking import ANSWERS_KEPT
from api.services import retention, whereabouts
from api.services.local import now
from api.services.nearest import near
from api.store.tables import GeocoderAnswer, GeocoderTurn, Request
from tests.api import world
from tests.nominatim import Fault, Nominatim, looks_up, map_server

__all__ = ["looks_up", "map_server"]


def let_it_rest(db: Session) -> None:
    """As if the last question had been a while ago."""
    db.rollback()
    db.exec(update(GeocoderTurn).values(free_at=now()))
    db.commit()


def test_what_we_know_ourselves_is_asked_of_nobody(db: Session, looks_up: Nominatim) -> None:
    for typed in ("LS6 2AB", "ls6", "Leeds", "hull", "Skipton", "Abertawe", "Newport, PO30"):
        assert not whereabouts.looked_for(db, typed).found
    for typed in ("", "LS6 2A", "JE2 3AB", "ZZ9 9ZZ", "Newcastle", "07700 900123", "ada@example.org"):
        with pytest.raises(Invalid):
            whereabouts.looked_for(db, typed)
    assert looks_up.asked == []


@pytest.mark.parametrize("typed", ["Timble", "Rye", "12 Otley Road", "Llan", "Ynys Môn"])
def test_names_that_may_be_asked_about(typed: str) -> None:
    assert is_name(typed)


@pytest.mark.parametrize(
    "typed", ["LS6 2A", "a b", "ada@example.org", "call me 07700 900123", "https://x.example/abc", "0113", ""]
)
def test_what_is_never_asked_about(typed: str) -> None:
    assert not is_name(typed)


@pytest.mark.parametrize(
    ("typed", "text", "precision", "found"),
    [
        ("timble", "Timble", "town", "Timble, Leeds"),
        ("Otley Road,  Leeds", "Otley Road, Leeds", "street", "Otley Road, Leeds"),
        ("12 Otley Road, Leeds", "12 Otley Road, Leeds", "address", "12 Otley Road, Leeds"),
    ],
)
def test_a_search_says_what_was_found_and_how_precisely(
    db: Session, looks_up: Nominatim, typed: str, text: str, precision: str, found: str
) -> None:
    place = near(db, typed).place
    assert (place.postcode, place.precision, place.found) == (text, precision, found)


def test_what_nobody_can_see_is_asked_of_nobody(db: Session, looks_up: Nominatim) -> None:
    assert near(db, "Timble\x00\ud800\n").place.found == "Timble, Leeds"
    assert looks_up.asked == ["Timble"]


def test_the_island_is_that_of_the_nearest_district(db: Session, looks_up: Nominatim) -> None:
    place = whereabouts.looked_for(db, "High Street, Newport")
    assert (place.place.island, place.district, place.postcode) == ("isle-of-wight", "PO30", "PO30")


def test_what_the_list_cannot_tell_apart_is_asked_about_and_without_a_geocoder_does_not_count(
    db: Session, looks_up: Nominatim, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Invalid, match="do not know this place"):
        whereabouts.looked_for(db, "Skipton, North Yorkshire")
    assert looks_up.asked == ["Skipton, North Yorkshire"]
    monkeypatch.setattr(whereabouts, "geocoder", lambda *_: None)
    assert whereabouts.looked_for(db, "Skipton, North Yorkshire").text == "Skipton"
    with pytest.raises(Invalid) as caught:
        whereabouts.looked_for(db, "Ashford, Kent")
    assert [text for text, _ in caught.value.choices] == ["Ashford, TN24", "Ashford, TW15"]
    with pytest.raises(Invalid):
        whereabouts.looked_for(db, "12 Nowhere Lane, Leeds")


def test_nothing_starts_from_a_whole_town(db: Session, looks_up: Nominatim) -> None:
    assert whereabouts.as_start(db, "Timble") == ""
    with pytest.raises(Invalid) as caught:
        whereabouts.start(db, "Timble")
    assert "Timble is larger than a street" in caught.value.errors["postcode"]


def test_an_address_is_as_good_as_a_postcode(db: Session, looks_up: Nominatim) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    db.commit()
    request = world.add_request(
        db, campaign, postcode="12 otley road, leeds", own_place="bus stop", own_postcode="LS6 1AA"
    )
    assert (request.postcode, request.precision) == ("LS6 2AD", "address")
    assert (request.lat, request.lon) == (53.8201, -1.5793)
    let_it_rest(db)
    own = world.add_request(
        db, campaign, own_place="bus stop", own_postcode="Otley Road, Leeds", postcode="LS6 2AB"
    )
    (place,) = own.places
    assert (place["name"], place["lat"]) == ("bus stop, Otley Road, Leeds", 53.8263)


def test_an_address_that_nobody_knows_is_refused_at_its_field(db: Session, looks_up: Nominatim) -> None:
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    db.commit()
    with pytest.raises(Invalid) as caught:
        world.add_request(db, campaign, own_postcode="Nowhereham Lane")
    assert list(caught.value.errors) == ["own_postcode"]
    assert not db.exec(select(Request)).all()


def test_without_a_geocoder_an_address_is_no_postcode(db: Session) -> None:
    with pytest.raises(Invalid) as caught:
        whereabouts.start(db, "12 Otley Road, Leeds")
    assert "not a UK postcode" in caught.value.errors["postcode"]
    with pytest.raises(ValueError, match="not a UK postcode"):
        world.request_form(postcode="12 Otley Road, Leeds")
    with pytest.raises(Invalid) as caught:
        whereabouts.looked_for(db, "Timble")
    assert "a larger town near you" in caught.value.errors["postcode"]


def test_while_the_geocoder_is_down_postcodes_and_known_towns_work(db: Session, looks_up: Nominatim) -> None:
    looks_up.faults.append(Fault(status=503))
    with pytest.raises(Invalid) as caught:
        near(db, "Timble")
    assert "cannot look up names of places just now" in caught.value.errors["postcode"]
    for typed in ("LS6 2AB", "Leeds"):
        assert near(db, typed).constituencies
    assert looks_up.asked == ["Timble"]


def test_what_was_looked_up_is_deleted_when_it_has_run_out(db: Session, looks_up: Nominatim) -> None:
    near(db, "Timble")
    db.rollback()
    assert retention.purge(db).names == 0
    db.exec(update(GeocoderAnswer).values(asked_at=now() - ANSWERS_KEPT))
    assert retention.purge(db).names == 1
    assert not db.exec(select(GeocoderAnswer).where(col(GeocoderAnswer.lat).is_not(None))).all()
