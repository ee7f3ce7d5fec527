"""What the pages of one day have in common: whose they are, what stands at their top, and the way back to them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from api.auth import Staff
from api.services import campaigns, sending
from api.services.days import CampaignDay
from api.services.rights import Right
from api.transaction import Database

SEE_OTHER = 303
PART = "part"


@dataclass(frozen=True)
class Day(CampaignDay):
    """One day of a campaign, for a coordinator of it. `first`: its first page for them, "" for the day at a glance."""

    db: Session = field(repr=False)
    first: str = ""

    def shown(self, **more: Any) -> dict[str, Any]:
        """What the template of a page needs."""
        shown = {"campaign": campaigns.view(self.campaign), "coordinator": self.coordinator, "day": self.day}
        shown["sending"] = sending.notice(self.db, self.campaign, self.day)
        return {**shown, "here": self.address, **more}

    @property
    def address(self) -> str:
        return f"/coordinate/{self.campaign.slug}/{self.day}"

    def to(self, page: str = "", part: str = "") -> RedirectResponse:
        """On to a page of this day, and to the `part` of it with that id; "" is the first that they have."""
        address = "/".join(filter(None, (self.address, page or self.first)))
        return RedirectResponse(f"{address}#{part}" if part else address, SEE_OTHER)


def one_day(request: Request, db: Database, coordinator: Staff, slug: str, day: date) -> Day:
    """Raises `NotFound` for a campaign that is not this coordinator's. Who does not see everybody begins with their part."""
    first = "" if request.state.access.may(Right.DAY) else PART
    return Day(campaigns.find_for(db, slug, coordinator), coordinator, day, db, first)


OneDay = Annotated[Day, Depends(one_day)]
