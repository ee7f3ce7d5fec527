"""The JSON API: the services of the pages, for programs. Handlers parse, call one service and answer."""

from fastapi import APIRouter

from api.auth import API
from api.v1 import campaigns, lifts, nearest, runs, sign_ups, tokens
from api.v1.answers import EVERYWHERE

router = APIRouter(prefix=API, responses=EVERYWHERE)
for part in (nearest, campaigns, sign_ups, tokens, runs, lifts):
    router.include_router(part.router)
