"""What the services show: frozen, ready to render, with nothing in it that its reader may not see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from api.services.ringing_view import RingingView
from api.services.roads_view import RoadsView
from carpool.geo.place import Place

LONG = timedelta(hours=4)
"""People seldom stay longer than this: an event beyond it is offered to be cut into shifts."""


@dataclass(frozen=True)
class CampaignView:
    """A campaign as everybody may see it."""

    id: UUID
    slug: str
    name: str
    organiser: str
    contact_email: str
    imprint: str
    open: bool


@dataclass(frozen=True)
class EventView:
    """An event as everybody may see it; times local, with their offset. `over`: it has ended. `seated`: work to sit at."""

    id: UUID
    title: str
    kind: str
    place_name: str
    postcode: str
    constituency: str
    constituency_name: str
    day: date
    starts_at: datetime
    ends_at: datetime
    wanted: int
    capacity: int | None
    cancelled: bool
    lat: float
    lon: float
    over: bool
    step_free: bool = False
    toilet: bool = False
    seated: bool = False

    @property
    def is_long(self) -> bool:
        """Whether it is worth cutting into shifts."""
        return self.ends_at - self.starts_at > LONG


@dataclass(frozen=True)
class FoundPlace:
    """What we made of a postcode. `question` is for the person when we know the district but not the unit.

    `found`: as what the geocoder found a name, "" for what we knew ourselves.
    """

    postcode: str
    precision: str
    lat: float
    lon: float
    island: str | None
    question: str | None
    found: str = ""


@dataclass(frozen=True)
class NearView:
    """A key constituency in reach, with its coming events. The three figures are in steps ("none yet", "5+", …), never exact.

    `place` is where people live there, not the middle of its area.
    """

    code: str
    name: str
    region: str
    place: Place
    minutes: int
    majority: int
    majority_pct: float
    score: float
    full: bool
    wanted: str
    offers: str
    requests: str
    campaign: CampaignView | None
    events: tuple[EventView, ...]


@dataclass(frozen=True)
class Near:
    place: FoundPlace
    constituencies: tuple[NearView, ...]


@dataclass(frozen=True)
class Received:
    """Answer to an offer or a request. `created` False: it was here already, and nothing was done twice."""

    reference: str
    kind: str
    created: bool


@dataclass(frozen=True)
class StopView:
    """A pick-up as driver and rider of one lift see it. `phone` only where its reader may ring.

    `place` is where the car stops, "" for the rider's own door: only then is the postcode theirs, and shown. `lat` and
    `lon` are of either.
    """

    name: str
    party: int
    postcode: str
    pickup: str
    needs: tuple[str, ...]
    pick_up_at: datetime
    drop_at: datetime | None
    mine: bool
    phone: str | None
    cancelled: bool
    place: str = ""
    walk_minutes: int | None = None
    late_minutes: int = 0
    accepted: bool = False
    lat: float = 0.0
    lon: float = 0.0

    @property
    def where(self) -> str:
        """Where the car stops, in one line."""
        return self.place or ": ".join(filter(None, (self.postcode, self.pickup)))


@dataclass(frozen=True)
class LiftView:
    """A lift as one person sees it: a rider sees the driver and the own stop, the driver sees all stops.

    `late_minutes` is what the driver said; `may_say_late`: whether it is the time to say so. `accepted`: whether
    its reader said that they come; `answer_by`: until when they should, None once that has passed. `call_off_at`:
    when a driver's lift is called off if they do not; None where it is not. `is_over`: its reader should be home again.
    """

    id: UUID
    role: str
    event: EventView
    match_word: str
    driver_name: str
    driver_phone: str | None
    car: str
    plate: str
    departs_at: datetime
    arrives_at: datetime
    drive_minutes: int
    home_at: datetime | None
    stops: tuple[StopView, ...]
    way_back: bool
    late_minutes: int = 0
    may_say_late: bool = False
    may_break_down: bool = False
    accepted: bool = False
    answer_by: datetime | None = None
    is_over: bool = False
    call_off_at: datetime | None = None


@dataclass(frozen=True)
class SignUpView:
    """What somebody sent in, in words fit for the check page: pairs of question and answer."""

    kind: str
    reference: str
    state: str
    day: date
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class WayHomeView:
    """A way home for somebody whose car is lost, as the other side sees it: `name` and `phone` are those of the other one.

    `to`: the public place, or without one the postcode, where the rider gets out.
    """

    name: str
    phone: str | None
    car: str
    plate: str
    party: int
    event: str
    place: str
    leaves_at: datetime
    drop_at: datetime
    to: str


@dataclass(frozen=True)
class MyPage:
    """Somebody's private page. `status`: unconfirmed, waiting, matched, cancelled, replaced, no_lift, unheard, over.

    Of somebody who did not sign up themselves: `added_by` vouches that they agreed, and `basis` says how they did.
    """

    campaign: CampaignView
    name: str
    status: str
    sign_up: SignUpView
    lift: LiftView | None
    deleted_on: date
    added_by: str = ""
    basis: str = ""
    ways_home: tuple[WayHomeView, ...] = ()


@dataclass(frozen=True)
class DayCounts:
    """The figures of one campaign day for its coordinators. Confirmed ones can be matched."""

    day: date
    events: int
    wanted: int
    offers: int
    offers_confirmed: int
    seats: int
    requests: int
    requests_confirmed: int
    people_confirmed: int
    lifts: int
    messages_waiting: int
    messages_failed: int
    messages_held: int


@dataclass(frozen=True)
class RunView:
    """A run as its coordinator sees it. `gap` in percent; figures are None until there are any.

    `history`: seconds, score and bound of every point of its curve. `begun`: how many workers were at it. `left_out`: the
    references of sign-ups that are not in it, because what is kept of them cannot be right.
    """

    id: UUID
    day: date
    state: str
    started_by: str
    published_by: str | None
    created_at: datetime
    finished_at: datetime | None
    published_at: datetime | None
    elapsed_seconds: int
    seconds: float
    phase: str
    score: float | None
    bound: float | None
    gap: float | None
    status: str | None
    volunteers: int | None
    stop_asked: bool
    error: str | None
    minutes_per_volunteer: float = 1000.0
    change_penalty: float = 3.0
    history: tuple[tuple[float, float | None, float | None], ...] = ()
    begun: int = 0
    silent_seconds: int = 0
    taken_back_by: str | None = None
    taken_back_at: datetime | None = None
    cars: int | None = None
    riders: int | None = None
    left: int | None = None
    roads: RoadsView | None = None
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class MessageView:
    """A message's state for a coordinator; the name, never the address. `channel` is email, text or call.

    `told_by` and `told_how`: a coordinator told it by hand.
    """

    id: UUID
    name: str
    kind: str
    channel: str
    state: str
    attempts: int
    error: str | None
    created_at: datetime
    sent_at: datetime | None
    told_by: str = ""
    told_how: str | None = None
    ringing: RingingView | None = None
