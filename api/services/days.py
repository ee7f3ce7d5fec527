"""One day of a campaign and who of its coordinators looks after it now: what most of their services begin with."""

from dataclasses import dataclass
from datetime import date

from api.store.tables import Campaign, Coordinator


@dataclass(frozen=True)
class CampaignDay:
    campaign: Campaign
    coordinator: Coordinator
    day: date
