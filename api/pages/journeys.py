"""The ways to sign up as tables of steps, and how far somebody has come. The handlers know no single step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from api.language import N_
from api.services import forms
from api.services.forms import Answers, Form, Step
from api.services.views import CampaignView


class What(StrEnum):
    """What somebody came to do, as it stands in the address."""

    OFFER = "offer"
    ASK = "ask"
    EITHER = "either"


class Mode(StrEnum):
    """Who fills in the pages: somebody new, somebody who changes their answers, a coordinator for somebody on the phone."""

    SELF = "self"
    CHANGE = "change"
    CALLER = "caller"


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
    """One of the forms: what is answered about the journey page by page, and the whole form with contact and consent."""

    what: What
    steps: tuple[StepPage, ...]
    answers: type[Answers]
    form: type[Form]
    called: type[Form]


CHECK, WHERE, ROLE = "check", "where", "role"


def _steps(
    where: type[Step], role: type[Step], people: type[Step], comfort: type[Step], drives: bool
) -> tuple[StepPage, ...]:
    return (
        StepPage(WHERE, N_("Where do you start from?"), where),
        StepPage("when", N_("When would you go?"), forms.When),
        StepPage(ROLE, N_("Would you drive?"), role),
        StepPage("people", N_("People, seats and times") if drives else N_("People and times"), people),
        StepPage("comfort", N_("What suits you?") if drives else N_("What do you need?"), comfort),
    )


CONTACT = StepPage("contact", N_("How do we reach you?"), forms.Contact)
CALLED = StepPage("contact", N_("How do we reach them?"), forms.Called)
WAYS = {
    What.OFFER: Way(
        What.OFFER,
        _steps(forms.Where, forms.Role, forms.Driving, forms.DriverComfort, drives=True),
        forms.OfferAnswers,
        forms.OfferForm,
        forms.CalledOffer,
    ),
    What.ASK: Way(
        What.ASK,
        _steps(forms.WherePickup, forms.RoleAndMayAsk, forms.Limits, forms.RiderNeeds, drives=False),
        forms.RequestAnswers,
        forms.RequestForm,
        forms.CalledRequest,
    ),
    What.EITHER: Way(
        What.EITHER,
        _steps(forms.WherePickup, forms.RoleAndMayAsk, forms.Driving, forms.EitherComfort, drives=True),
        forms.EitherAnswers,
        forms.EitherForm,
        forms.CalledEither,
    ),
}


@dataclass(frozen=True)
class Journey:
    """Somebody on one of the ways in one campaign, with the answers so far. `base` begins the pages' addresses.

    `back` is where they come from, where that is not the usual page.
    """

    campaign: CampaignView
    way: Way
    mode: Mode
    base: str
    token: str | None
    draft_id: str | None
    answers: Mapping[str, Any]
    back: str = ""

    @property
    def steps(self) -> tuple[StepPage, ...]:
        """Who changes answers keeps name and address, which have a page of their own."""
        last = {Mode.SELF: (CONTACT,), Mode.CALLER: (CALLED,), Mode.CHANGE: ()}
        return (*self.way.steps, *last[self.mode])

    @property
    def total(self) -> int:
        """The pages in all, the one to check the answers included."""
        return len(self.steps) + 1

    @property
    def here(self) -> str:
        return f"{self.base}/{self.way.what}"

    @property
    def out(self) -> str:
        """Where somebody comes from, and goes back to."""
        return (
            self.back
            or {Mode.SELF: self.base, Mode.CHANGE: "/my", Mode.CALLER: f"/coordinate/{self.campaign.slug}"}[
                self.mode
            ]
        )

    def address(self, slug: str, *, change: bool = False) -> str:
        return f"{self.here}/{slug}{'?change=1' if change else ''}"

    def on_way(self, what: str) -> "Journey":
        """The same answers on the way of somebody who has changed their mind."""
        return replace(self, way=WAYS[What(what)]) if what in WAYS else self

    def with_answers(self, answers: Mapping[str, Any]) -> "Journey":
        return replace(self, answers=answers)

    def step(self, slug: str) -> StepPage | None:
        return next((step for step in self.steps if step.slug == slug), None)

    def first_open(self) -> StepPage | None:
        """The first page that is not answered yet, or whose answers no longer hold."""
        return next((step for step in self.steps if not self._answered(step)), None)

    def may_show(self, slug: str) -> bool:
        """Whether every page before this one is answered."""
        open_step = self.first_open()
        return open_step is None or self.number(slug) <= self.number(open_step.slug)

    def onward(self, slug: str, *, change: bool) -> str:
        """Where to go from an answered page: the next one; where something before is open, or a change is made, that."""
        open_step = self.first_open()
        if open_step and (change or self.number(open_step.slug) <= self.number(slug)):
            return self.address(open_step.slug, change=True)
        return self.address(CHECK if change else self._slugs()[self.number(slug)])

    def before(self, slug: str) -> str | None:
        at = self.number(slug) - 1
        return self._slugs()[at - 1] if at else None

    def number(self, slug: str) -> int:
        return self._slugs().index(slug) + 1

    def about_the_journey(self) -> Answers:
        """What is answered so far of the journey. Raises pydantic's ValidationError while something is missing."""
        return self.way.answers.model_validate(self._of(self.way.answers))

    def whole(self, consent: Mapping[str, Any]) -> Form:
        """All answers as one form. Raises pydantic's ValidationError while something is missing."""
        model = self.way.called if self.mode is Mode.CALLER else self.way.form
        return model.model_validate(self._of(model) | dict(consent))

    def places(self) -> dict[str, str]:
        """For each field the page on which it can be changed."""
        fields = {
            name: self.address(step.slug, change=True)
            for step in self.steps
            for name in step.model.model_fields
        }
        return fields | {"consent": "#consent", "consent_version": "#consent"}

    def _of(self, model: type[Step]) -> dict[str, Any]:
        return {name: self.answers[name] for name in model.model_fields if name in self.answers}

    def _slugs(self) -> list[str]:
        return [*(step.slug for step in self.steps), CHECK]

    def _answered(self, step: StepPage) -> bool:
        own = self._of(step.model)
        if len(own) < len(step.model.model_fields):
            return False
        if step.slug == ROLE and own["role"] != self.way.what:
            return False
        try:
            step.model.model_validate(own)
        except ValidationError:
            return False
        return True
