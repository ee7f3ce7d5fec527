"""Reading a form's fields, and showing them again."""

import pytest
from starlette.datastructures import FormData

from api import language
from api.pages.filled import Filled, fields_of
from api.services import forms
from tests.api.language.hollow import hollow


def test_a_box_that_is_not_ticked_means_no_and_a_question_that_is_not_answered_is_left_out() -> None:
    assert fields_of(forms.Company, FormData([("woman", "true")])) == {"woman": "true", "women_only": False}
    assert fields_of(forms.When, FormData([("day", "2029-05-03")])) == {
        "day": "2029-05-03",
        "event_ids": None,
    }


def test_a_list_keeps_all_its_values_and_a_field_its_last() -> None:
    sent = FormData([("event_ids", "a"), ("event_ids", "b"), ("day", "1"), ("day", "2"), ("else", "x")])
    assert fields_of(forms.When, sent) == {"event_ids": ["a", "b"], "day": "2"}


def test_an_option_is_chosen_whether_typed_or_stored() -> None:
    form = Filled({"seats": 3, "way_back": False, "event_ids": ["a"], "party": None})
    assert form.chosen("seats", 3) and form.chosen("seats", "3") and not form.chosen("seats", 0)
    assert form.chosen("way_back", "false") and not form.chosen("way_back", "true")
    assert form.chosen("event_ids", "a") and not form.chosen("event_ids", "b")
    assert form.chosen("party", 1, default=1) and form.chosen("other", "x", default="x")


def test_the_summary_leads_to_the_field_or_to_where_it_is_asked() -> None:
    form = Filled({}, {"name": "Type it."}, {"day": "/when"})
    assert (form.place("name"), form.place("day"), form.place("")) == ("#name", "/when", "#main")


@pytest.mark.usefixtures("hollow_welsh")
def test_what_is_wrong_is_said_in_the_language_of_whoever_reads_it() -> None:
    form = Filled({}, {"day": "Choose a day."})
    assert form.error("day") == "Choose a day." and form.error("name") is None
    with language.speaking("cy"):
        assert form.error("day") == hollow("Choose a day.")
