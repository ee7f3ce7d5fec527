"""The forms: what people type in good faith is understood, the rest is refused without repeating it."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from api.services import forms, plain, tidy
from api.settings import settings

EVENT = "6f0c2c2e-3c38-4a0e-9f53-0d1b3f6a7c11"
OFFER: dict[str, Any] = {
    "postcode": "ls62ab",
    "day": "2029-05-03",
    "seats": "3",
    "name": "Ada",
    "email": "ada@example.org",
    "consent": True,
    "consent_version": forms.CONSENT_VERSION,
}
REQUEST = {name: value for name, value in OFFER.items() if name != "seats"} | {"home": True}


@pytest.fixture(params=["true", "false"])
def drama_numbers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    """Whether numbers that Ofcom keeps for drama are accepted."""
    monkeypatch.setenv("CARPOOL_TEST_PHONE_NUMBERS", request.param)
    settings.cache_clear()
    yield request.param == "true"
    settings.cache_clear()


def offer(**changes: Any) -> forms.OfferForm:
    return forms.OfferForm.model_validate(OFFER | changes)


def request(**changes: Any) -> forms.RequestForm:
    return forms.RequestForm.model_validate(REQUEST | changes)


def refused(form: type[forms.Step], answers: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        form.model_validate(answers)
    return plain.in_words(caught.value)


def test_the_shortest_offer_takes_the_binding_defaults() -> None:
    form = offer()
    assert (form.postcode, form.day, form.seats, form.party) == ("LS6 2AB", date(2029, 5, 3), 3, 1)
    assert (form.event_ids, form.ready_at, form.home_by, form.way_back) == (None, None, None, True)
    assert (form.max_travel_minutes, form.max_detour_minutes) == (120, 20)
    assert (form.child_seats, form.wheelchairs, form.car, form.plate, form.phone) == (0, 0, "", "", "")
    assert not form.woman and not form.women_only


def test_the_shortest_request_takes_the_binding_defaults() -> None:
    form = request()
    assert (form.pickup, form.child_seat, form.wheelchair, form.max_travel_minutes) == ("", False, False, 120)


def test_a_form_with_nothing_in_it_names_every_field_that_is_needed() -> None:
    assert set(refused(forms.OfferForm, {})) == set(OFFER)
    assert set(refused(forms.RequestForm, {})) == set(REQUEST) - {"home"} | {"places"}


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("", None),
        ("  ", None),
        ("9", time(9)),
        ("9:30", time(9, 30)),
        ("09.30", time(9, 30)),
        ("0930", time(9, 30)),
        ("2pm", time(14)),
        ("2:15 PM", time(14, 15)),
        ("12 am", time(0)),
        ("12pm", time(12)),
        ("17h45", time(17, 45)),
    ],
)
def test_times_are_understood_as_people_type_them(typed: str, understood: time | None) -> None:
    assert offer(ready_at=typed).ready_at == understood


def test_a_rider_names_at_least_one_place_and_their_door_is_never_taken_for_granted() -> None:
    words = refused(forms.RequestForm, REQUEST | {"home": False})
    assert words == {"places": "Choose at least one place where a car can pick you up."}
    place = UUID(int=7)
    for choice in ({"places": [place, place]}, {"own_postcode": "ls61aa"}):
        form = request(**({"home": False} | choice))
        assert not form.home and (form.places == [place] or form.own_postcode == "LS6 1AA")


def test_a_place_of_ones_own_needs_a_postcode_that_is_one() -> None:
    assert "postcode" in refused(forms.RequestForm, REQUEST | {"own_place": "the mill"})["own_postcode"]
    assert set(refused(forms.RequestForm, REQUEST | {"home": False, "own_postcode": "LS6"})) == {
        "own_postcode"
    }


@pytest.mark.parametrize("typed", ["25:00", "9:75", "13pm", "noon", "9:3", "0am"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    assert refused(forms.OfferForm, OFFER | {"ready_at": typed}) == {"ready_at": plain.PLAIN["ready_at"]}


def test_home_has_to_be_after_leaving() -> None:
    words = refused(forms.OfferForm, OFFER | {"ready_at": "12:00", "home_by": "12:00"})
    assert "later than" in words["home_by"]
    assert offer(ready_at="12:00", home_by="12:01").home_by == time(12, 1)


@pytest.mark.parametrize("typed", ["020 7946 0958", "+44 113 496 2345", "(0113) 496-2345", "07400 123456"])
def test_a_phone_number_stays_as_it_was_typed(typed: str) -> None:
    assert offer(phone=typed).phone == typed
    assert (tidy.standard_phone(typed) or "").startswith("+44")


@pytest.mark.parametrize("typed", ["0123", "ring me", "+33 1 70 18 99 00", "999"])
def test_other_phone_numbers_are_refused_without_repeating_them(typed: str) -> None:
    words = refused(forms.OfferForm, OFFER | {"phone": typed})
    assert words == {"phone": plain.PLAIN["phone"]}


def test_drama_numbers_are_good_where_the_setting_says_so(drama_numbers: bool) -> None:
    if drama_numbers:
        assert offer(phone="07700 900123").phone == "07700 900123"
    else:
        assert refused(forms.OfferForm, OFFER | {"phone": "07700 900123"}) == {"phone": plain.PLAIN["phone"]}


def test_no_phone_number_is_no_phone_number() -> None:
    assert tidy.standard_phone(offer(phone="  ").phone) is None


@pytest.mark.parametrize(
    "typed",
    ["", "ada", "ada@", "ada@localhost", "Ada <ada@example.org>", "a@b@example.org", "adä@example.org"],
)
def test_what_is_no_email_address_is_refused(typed: str) -> None:
    assert refused(forms.OfferForm, OFFER | {"email": typed}) == {"email": plain.PLAIN["email"]}


@pytest.mark.parametrize("typed", ["", "nowhere", "LS6", "ZZ9 9ZZ", "07700 900123", "LS6 2AB; DROP"])
def test_a_postcode_that_cannot_be_is_refused(typed: str) -> None:
    words = refused(forms.Where, {"postcode": typed})
    assert words["postcode"] and "07700" not in words["postcode"]


def test_what_nobody_can_see_is_dropped() -> None:
    form = offer(name="  Ada\x00\r\nBcc: x\u202egnp ", car="blue\tFord")
    assert (form.name, form.car) == ("Ada Bcc: xgnp", "blue Ford")
    assert "name" in refused(forms.OfferForm, OFFER | {"name": "\x00 \u202e"})


def test_of_a_number_plate_the_last_three_characters_are_kept() -> None:
    assert offer(plate="ab12 cde").plate == "CDE"


@pytest.mark.parametrize("given", [False, None, "", "no", 0])
def test_consent_is_never_assumed(given: object) -> None:
    assert refused(forms.Consent, {"consent": given, "consent_version": "1"}) == {
        "consent": plain.PLAIN["consent"]
    }


def test_consent_is_to_a_wording_that_we_know() -> None:
    words = refused(forms.Consent, {"consent": "on", "consent_version": "0"})
    assert words == {"consent_version": plain.PLAIN["consent_version"]}
    assert "political opinions" in forms.CONSENT_WORDINGS[forms.CONSENT_VERSION]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seats", "-1"), ("seats", "9"), ("seats", "two"), ("seats", ""), ("party", "0"), ("party", "9"),
        ("max_detour_minutes", "181"), ("max_travel_minutes", "5"), ("child_seats", "9"),
        ("wheelchairs", "1.5"), ("day", "3 May"), ("event_ids", []), ("event_ids", ["x"]), ("way_back", "x"),
        ("car", "x" * 61), ("name", "x" * 81), ("party", 10**30), ("name", ["x"]), ("ready_at", {}),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_gets_the_words_of_its_field(field: str, value: object) -> None:
    assert refused(forms.OfferForm, OFFER | {field: value}) == {field: plain.PLAIN[field]}


def test_a_misspelt_field_does_not_vanish() -> None:
    assert refused(forms.OfferForm, OFFER | {"seat": 3}) == {"seat": "There is no such field."}


def test_an_event_ticked_twice_counts_once() -> None:
    form = offer(event_ids=[EVENT, EVENT])
    assert [str(one) for one in form.event_ids or ()] == [EVENT]


def test_a_car_for_women_only_is_for_women() -> None:
    assert "women_only" in refused(forms.RequestForm, REQUEST | {"women_only": True})
    form = request(women_only=True, woman=True)
    assert form.women_only and form.woman


def test_every_field_has_its_words() -> None:
    fields = set(forms.EitherForm.model_fields) | {"role"}
    # These are boxes: ticked or not, nothing else can come from a page.
    boxes = {
        "woman",
        "women_only",
        "child_seat",
        "wheelchair",
        "wheelchair_place",
        "assistance_dog",
        "step_free",
    }
    assert fields - boxes == set(plain.PLAIN)


@pytest.mark.parametrize("changes", [
    {"ready_at": "10:00Z", "home_by": "18:00"},
    {"ready_at": "10:00+14:00"},
    {"day": "2030-03-31", "ready_at": "1:30", "home_by": "2:15"},
])  # fmt: skip
def test_times_that_name_a_zone_or_are_in_order_on_the_wall_alone_are_refused(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(ValidationError) as refused:
        offer(**changes)
    assert set(plain.in_words(refused.value)) <= {"ready_at", "home_by"}
