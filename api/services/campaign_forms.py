"""What a coordinator fills in about a campaign and its events, as input models for pages and JSON alike."""

from datetime import date, time
from typing import Annotated, Literal, Self

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from api.language import N_
from api.services.local import at, on_the_wall
from api.services.tidy import phone

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
"""Beyond these a day is a slip of the pen, and near the calendar's ends there is no day after it to compute with."""

KINDS = (N_("canvass"), N_("leaflets"), N_("phone bank"), N_("polling day"), N_("training"), N_("other"))
"""What an event usually is; the pages translate it. Programs may give an event any other kind."""


def _email(typed: str) -> str:
    try:
        return validate_email(typed, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise ValueError("Type an e-mail address, for example team@example.org.") from None


Text = Annotated[str, Field(min_length=1, max_length=120)]
Wall = Annotated[time, AfterValidator(on_the_wall)]


class CampaignInput(BaseModel):
    """Surrounding spaces do not count, and a misspelt field is refused rather than lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class CampaignForm(CampaignInput):
    """A new campaign. `organiser` is who runs it, as volunteers will read it."""

    name: Text
    organiser: Text
    contact_email: Annotated[str, Field(max_length=254), AfterValidator(_email)]
    imprint: Annotated[str, Field(max_length=300)] = ""


class EventForm(CampaignInput):
    """A new event; times are local, both on `day`. Without a weight the majority decides. `seated`: work to sit at."""

    title: Text
    kind: Annotated[str, Field(min_length=1, max_length=40)] = "canvass"
    constituency: str
    place_name: Text
    postcode: Annotated[str, Field(min_length=1, max_length=40)]
    day: Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
    starts: Wall
    ends: Wall
    wanted: Annotated[int, Field(ge=0, le=10_000)]
    capacity: Annotated[int, Field(ge=0, le=10_000)] | None = None
    weight: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None = None
    step_free: bool = False
    toilet: bool = False
    seated: bool = False

    @field_validator("capacity", "weight", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        # As moments: on the day the clocks go forward a later time on the wall may be an earlier one.
        if at(self.day, self.ends) <= at(self.day, self.starts):
            raise ValueError("The end has to be later than the start.")
        return self


class HostForm(CampaignInput):
    """A new host of an event."""

    host_name: Text
    host_email: Annotated[str, Field(max_length=254), AfterValidator(_email)]


class RoleForm(CampaignInput):
    """A role in the team; with it, for a regional coordinator, where their events are."""

    role: Literal["owner", "coordinator", "regional", "helper", "reader"]
    regions: list[Annotated[str, Field(max_length=100)]] = Field(default=[], max_length=50)
    event_ids: list[Annotated[str, Field(max_length=36)]] = Field(default=[], max_length=1000)


class InvitationForm(RoleForm):
    """Somebody who is asked into the team."""

    email: Annotated[str, Field(max_length=254), AfterValidator(_email)]


class NumberForm(CampaignInput):
    """The number that hosts ring, as it is to be read; empty: there is none."""

    number: Annotated[str, Field(max_length=40), AfterValidator(phone)] = ""


class AgentForm(CampaignInput):
    """What an election agent looks after: the imprint, and what a mile counts, in pence."""

    imprint: Annotated[str, Field(max_length=300)] = ""
    mileage_pence: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = 45.0


class RulesForm(CampaignInput):
    """What a campaign may change of the formulas of need and travel (docs/nearest.md) and of the worth of a volunteer."""

    weight_most: Annotated[float, Field(gt=0, le=1000)] = 3.0
    weight_least: Annotated[float, Field(gt=0, le=1000)] = 0.5
    majority_half: Annotated[float, Field(gt=0, le=100)] = 4.0
    people_half: Annotated[float, Field(gt=0, le=10_000)] = 10.0
    minutes_half: Annotated[float, Field(gt=0, le=1000)] = 45.0
    reach_minutes: Annotated[float, Field(gt=0, le=1000)] = 120.0
    minutes_per_volunteer: Annotated[float, Field(gt=0, le=1_000_000)] = 1000.0
    call_off_hours: Annotated[float, Field(ge=0, le=12)] = 3.0

    @model_validator(mode="after")
    def _least_below_most(self) -> Self:
        if self.weight_least > self.weight_most:
            raise ValueError("The least weight is not above the greatest.")
        return self
