"""The pages that people see, made on the server. `ROUTERS` lists what becomes part of the app.

Each route has one of the markers of `api.auth`; whatever changes something is a POST with the field `csrf`.
"""

from fastapi import APIRouter

from api.pages import (
    changing,
    company,
    demo,
    hosts,
    language,
    lifts,
    login,
    places,
    sharing,
    signup,
    volunteers,
)
from api.pages.coordinators import (
    callers,
    campaigns,
    care,
    days,
    events,
    importing,
    previews,
    rules,
    runs,
    shifts,
)

# In this order: the first route that fits an address answers.
ROUTERS: tuple[APIRouter, ...] = (
    volunteers.router,
    places.router,
    sharing.router,
    signup.router,
    changing.router,
    lifts.router,
    hosts.router,
    company.router,
    login.router,
    language.router,
    demo.router,
    campaigns.router,
    rules.router,
    previews.router,
    shifts.router,
    callers.router,
    events.router,
    importing.router,
    days.router,
    runs.router,
    care.router,
)
UPLOADS: tuple[APIRouter, ...] = (importing.uploads,)
"""Those that take a larger body than any form has, from coordinators alone."""
