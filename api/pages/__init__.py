"""The pages that people see, made on the server. `ROUTERS` lists what becomes part of the app.

Each route has one of the markers of `api.auth`; whatever changes something is a POST with the field `csrf`.
"""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()
