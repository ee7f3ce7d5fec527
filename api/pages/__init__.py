"""The pages that people see, made on the server. `ROUTERS` lists what becomes part of the app.

Each route has one of the markers of `api.auth`; whatever changes something is a POST with the field `csrf`.
"""

from fastapi import APIRouter

from api.pages import (
    account,
    changing,
    company,
    contacts,
    demo,
    hosts,
    invited,
    language,
    lifts,
    login,
    places,
    sharing,
    signup,
    volunteers,
)
from api.pages.coordinators import (
    answers,
    board,
    callers,
    campaigns,
    care,
    cars,
    days,
    events,
    exports,
    hands,
    importing,
    parts,
    people,
    plans,
    previews,
    record,
    rules,
    runs,
    sending,
    shifts,
    team,
    watching,
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
    contacts.router,
    login.router,
    account.router,
    invited.router,
    language.router,
    demo.router,
    campaigns.router,
    rules.router,
    previews.router,
    record.router,
    team.router,
    shifts.router,
    answers.router,
    callers.router,
    events.router,
    importing.router,
    exports.router,
    parts.router,
    days.router,
    people.router,
    cars.router,
    runs.router,
    board.router,
    sending.router,
    plans.router,
    hands.router,
    watching.router,
    care.router,
)
UPLOADS: tuple[APIRouter, ...] = (importing.uploads,)
"""Those that take a larger body than any form has, from coordinators alone."""
