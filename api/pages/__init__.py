"""The pages that people see, made on the server. `ROUTERS` lists what becomes part of the app.

Each route has one of the markers of `api.auth`; whatever changes something is a POST with the field `csrf`.
"""

from fastapi import APIRouter

from api.pages import company, hosts, language, lifts, login, places, sharing, signup, volunteers
from api.pages.coordinators import campaigns, care, days, events, rules

# In this order: the first route that fits an address answers.
ROUTERS: tuple[APIRouter, ...] = (
    volunteers.router,
    places.router,
    sharing.router,
    signup.router,
    lifts.router,
    hosts.router,
    company.router,
    login.router,
    language.router,
    campaigns.router,
    rules.router,
    events.router,
    days.router,
    care.router,
)
