"""The two ways to sign up as tables of steps, and how far somebody has come. The handlers in `signup` know no single step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from api.language import N_
from api.services import drafts, forms, intake
from api.services.forms import OfferForm, RequestForm, Step
from api.services.views import CampaignView, Received


class What(StrEnum):
    """What somebody came to do, as it stands in the address."""

    OFFER = "offer"
    ASK = "ask"


@dataclass(frozen=True)
class StepPage:
    """One page of a form: its address, its question, the model of its answers. The template bears the slug's name."""

    slug: str
    title: str
    model: type[Step]

    @property
    def template(self) -> str:
        return f"signup/{self.slug}.html"


@dataclass(frozen=True)
class Way:
    """One of the two forms. What is gathered is sent by `send`, under the draft's id as the key."""

    what: What
    kind: drafts.Kind
    form: type[OfferForm] | type[RequestForm]
    steps: tuple[StepPage, ...]
    send: Callable[[Session, Any, Any, str], Received]


CHECK = "check"
OFFER = Way(
    What.OFFER,
    "offer",
    OfferForm,
    (
        StepPage("start", N_("Offer a lift"), forms.Consent),
        StepPage("where", N_("Where do you start from?"), forms.Where),
        StepPage("when", N_("When would you go?"), forms.When),
        StepPage("car", N_("Your car"), forms.Car),
        StepPage("comfort", N_("What suits you?"), forms.DriverComfort),
        StepPage("contact", N_("How do we reach you?"), forms.Contact),
    ),
    intake.receive_offer,
)
ASK = Way(
    What.ASK,
    "request",
    RequestForm,
    (
        StepPage("start", N_("Ask for a lift"), forms.Consent),
        StepPage("where", N_("Where do you start from?"), forms.WherePickup),
        StepPage("when", N_("When would you go?"), forms.When),
        StepPage("riding", N_("Who is travelling?"), forms.Riding),
        StepPage("needs", N_("What do you need?"), forms.RiderNeeds),
        StepPage("contact", N_("How do we reach you?"), forms.Contact),
    ),
    intake.receive_request,
)
WAYS = {way.what: way for way in (OFFER, ASK)}


@dataclass(frozen=True)
class Journey:
    """Somebody on one of the ways in one campaign, with the answers so far."""

    campaign: CampaignView
    way: Way
    token: str | None
    draft_id: str | None
    answers: Mapping[str, Any]

    @property
    def total(self) -> int:
        """The pages in all, the one to check the answers included."""
        return len(self.way.steps) + 1

    def address(self, slug: str) -> str:
        return f"/c/{self.campaign.slug}/{self.way.what}/{slug}"

    def step(self, slug: str) -> StepPage | None:
        return next((step for step in self.way.steps if step.slug == slug), None)

    def first_open(self) -> StepPage | None:
        """The first page that is not answered yet, or whose answers no longer hold."""
        return next((step for step in self.way.steps if not self._answered(step)), None)

    def may_show(self, slug: str) -> bool:
        """Whether every page before this one is answered."""
        open_step = self.first_open()
        return open_step is None or slug in self._slugs()[: self._slugs().index(open_step.slug) + 1]

    def after(self, slug: str) -> str:
        slugs = [*self._slugs(), CHECK]
        return slugs[slugs.index(slug) + 1]

    def before(self, slug: str) -> str | None:
        slugs = [*self._slugs(), CHECK]
        at = slugs.index(slug)
        return slugs[at - 1] if at else None

    def number(self, slug: str) -> int:
        return [*self._slugs(), CHECK].index(slug) + 1

    def whole(self) -> OfferForm | RequestForm:
        """All answers as one form. Raises pydantic's ValidationError while something is missing."""
        return self.way.form.model_validate(self.answers)

    def places(self) -> dict[str, str]:
        """For each field the page on which it can be changed."""
        return {
            name: f"{self.address(step.slug)}?change=1"
            for step in self.way.steps
            for name in step.model.model_fields
        }

    def _slugs(self) -> list[str]:
        return [step.slug for step in self.way.steps]

    def _answered(self, step: StepPage) -> bool:
        own = {name: self.answers[name] for name in step.model.model_fields if name in self.answers}
        if len(own) < len(step.model.model_fields):
            return False
        try:
            step.model.model_validate(own)
        except ValidationError:
            return False
        return True
