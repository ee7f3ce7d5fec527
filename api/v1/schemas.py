"""The shapes of the API. They are its own, so that what pages show may change without breaking a program."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.services.plan_views import PlanView

Step = Annotated[
    str, Field(description="In steps, so that it tells nothing about one person.", examples=["10+"])
]
District = Annotated[str, Field(description="A postcode district, nothing finer.", examples=["LS6"])]
Local = Annotated[
    datetime, Field(description="Local time with its offset.", examples=["2029-05-03T10:00:00+01:00"])
]
Reference = Annotated[str, Field(examples=["K7PM-2QXA"])]


class Schema(BaseModel):
    """Read from what the services return."""

    model_config = ConfigDict(from_attributes=True)


class Campaign(Schema):
    slug: Annotated[str, Field(examples=["polling-day-2029"])]
    name: str
    organiser: Annotated[str, Field(description="Who runs it.")]
    contact_email: str
    imprint: str
    open: Annotated[bool, Field(description="Whether people may sign up.")]


class Event(Schema):
    id: UUID
    title: str
    kind: Annotated[str, Field(examples=["canvass"])]
    place_name: str
    postcode: str
    constituency: Annotated[str, Field(description="The ONS code.", examples=["E14001326"])]
    constituency_name: str
    day: date
    starts_at: Local
    ends_at: Local
    wanted: Annotated[int, Field(description="People wanted.")]
    capacity: Annotated[
        int | None, Field(description="People beyond whom nobody may come; null, no such number.")
    ]
    cancelled: bool
    step_free: Annotated[bool, Field(description="Whether there is a way without steps.")]
    toilet: bool
    seated: Annotated[bool, Field(description="Whether there is work to sit at.")]


class Place(Schema):
    postcode: str
    precision: Annotated[
        str,
        Field(
            description="How finely we know it: unit, district, town, and with a geocoder street or address.",
            examples=["unit", "district"],
        ),
    ]
    question: Annotated[str | None, Field(description="To ask the person who typed it.")]


class PublicPlace(Schema):
    """Where a car can stop for somebody."""

    id: UUID
    name: str
    kind: Annotated[str, Field(examples=["bus stop"])]
    walk_minutes: Annotated[int, Field(description="On foot from the postcode, roughly.")]


class KeyConstituency(Schema):
    code: Annotated[str, Field(description="The ONS code.", examples=["E14001326"])]
    name: str
    region: str
    minutes: Annotated[int, Field(description="Minutes to drive there.")]
    majority: Annotated[int, Field(description="Votes.")]
    majority_pct: Annotated[float, Field(description="In percent of the valid votes.")]
    score: Annotated[float, Field(description="What the order is made by: need and travel in one figure.")]
    full: Annotated[bool, Field(description="Whether enough people come already.")]
    wanted: Step
    offers: Step
    requests: Step
    campaign: Annotated[Campaign | None, Field(description="Null while no campaign is open.")]
    events: list[Event]


class Nearest(Schema):
    """The key constituencies worth going to, best first."""

    place: Place
    constituencies: list[KeyConstituency]


class Received(Schema):
    """An offer or a request that was kept. A message asks its sender to confirm it before anything else happens."""

    reference: Reference
    kind: Literal["offer", "request"]
    created: Annotated[bool, Field(description="False if it was here already: nothing was done twice.")]


class Login(BaseModel):
    email: Annotated[str, Field(max_length=254)]
    password: Annotated[SecretStr, Field(max_length=1000)]
    code: Annotated[
        SecretStr,
        Field(max_length=50, description="Of the app, or a recovery code; where log-in asks for one."),
    ] = SecretStr("")


class Token(BaseModel):
    """To be sent as `Authorization: Bearer …`. It is shown this once."""

    token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  A kind of token, not one.
    expires_in: Annotated[int, Field(description="Seconds.")]


class SignUp(Schema):
    """An offer or a request as a coordinator sees it in a list: without name, contact or address."""

    id: UUID
    reference: Reference
    day: date
    district: District
    people: int
    state: Annotated[
        Literal["active", "cancelled", "replaced", "driving"],
        Field(description="`driving`: of somebody who would do either, and stands among the offers now."),
    ]
    confirmed: Annotated[
        bool, Field(description="Whether the e-mail address is confirmed; only then it is matched.")
    ]
    ready_at: Local | None
    home_by: Local | None
    max_travel_minutes: int
    way_back: bool
    event_ids: Annotated[list[UUID] | None, Field(description="Null: any event of the day.")]
    created_at: Local


class Offer(SignUp):
    seats: Annotated[int, Field(description="Free seats beside the driver's own people.")]
    max_detour_minutes: int
    takes: Annotated[dict[str, int], Field(description="Riders with each need that the car can take.")]


class Request(SignUp):
    needs: Annotated[list[str], Field(examples=[["child_seat"]])]
    seats_if_driving: Annotated[
        int | None, Field(description="Of somebody who would do either. Null: they only ride.")
    ]


class RunOrder(BaseModel):
    """How long to search, and what counts how much."""

    model_config = ConfigDict(extra="forbid")
    seconds: Annotated[float, Field(ge=1, le=3600, allow_inf_nan=False)] = 60.0
    minutes_per_volunteer: Annotated[
        float | None,
        Field(
            gt=0,
            le=1e6,
            allow_inf_nan=False,
            description="Driving that one more person is worth; null: the campaign's.",
        ),
    ] = None
    change_penalty: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            allow_inf_nan=False,
            description="People who must come more, for each who was told otherwise.",
        ),
    ] = 3.0


class Run(Schema):
    """A matching run of one day."""

    id: UUID
    day: date
    state: Literal["queued", "running", "done", "failed", "published"]
    started_by: str
    published_by: str | None
    created_at: Local
    finished_at: Local | None
    published_at: Local | None
    elapsed_seconds: int
    seconds: float
    phase: Annotated[str, Field(description="What the solver is doing.")]
    score: float | None
    bound: Annotated[float | None, Field(description="No plan can score more.")]
    gap: Annotated[float | None, Field(description="Between score and bound, in percent.")]
    status: Annotated[str | None, Field(examples=["optimal", "feasible", "stopped"])]
    volunteers: int | None
    stop_asked: bool
    error: str | None
    minutes_per_volunteer: float
    change_penalty: float


class Stop(Schema):
    rider: Annotated[str, Field(description="First name.")]
    district: District
    pick_up_at: Local


class Trip(Schema):
    driver: Annotated[str, Field(description="First name.")]
    event: str
    departs_at: Local | None
    arrives_at: Local | None
    drive_minutes: int
    detour_minutes: int
    stops: list[Stop]
    people: int


class Unmatched(Schema):
    name: Annotated[str, Field(description="First name.")]
    role: Literal["driver", "rider"]
    district: District
    reason: Annotated[str, Field(examples=["no_driver_in_reach"])]
    text: str
    fix: Annotated[str, Field(description="The smallest change that would have helped.")]


class Effect(Schema):
    """What publishing does, or would do."""

    lifts: Annotated[int, Field(description="Lifts that stand afterwards.")]
    changed: Annotated[int, Field(description="People who were told something else before.")]
    messages: Annotated[int, Field(description="People who get a message.")]


class Plan(Schema):
    """What a run came to; `publishing` says what publishing it would do now."""

    trips: list[Trip]
    unmatched: list[Unmatched]
    publishing: Effect


class LiftStop(Schema):
    """Where a rider gets in."""

    request: Reference
    district: District
    people: int
    pick_up_at: Local
    drop_at: Local | None


class Lift(Schema):
    """A published trip."""

    id: UUID
    day: date
    event_id: UUID
    offer: Reference
    district: District
    people: Annotated[int, Field(description="The driver's own people.")]
    departs_at: Local
    arrives_at: Local
    home_at: Local | None
    drive_minutes: int
    stops: list[LiftStop]


def plan_of(view: PlanView) -> Plan:
    """A service's plan in this shape."""
    trips = [
        Trip(
            driver=trip.driver,
            event=trip.event,
            departs_at=trip.departs_at,
            arrives_at=trip.arrives_at,
            drive_minutes=trip.drive_minutes,
            detour_minutes=trip.detour_minutes,
            stops=[Stop(rider=name, district=district, pick_up_at=at) for name, district, at in trip.stops],
            people=trip.people,
        )
        for trip in view.trips
    ]
    unmatched = [Unmatched.model_validate(left) for left in view.unmatched]
    return Plan(trips=trips, unmatched=unmatched, publishing=Effect.model_validate(view))
