"""Makes pages out of templates: the one call a handler needs, and what every template may use."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.language.library import translated
from api.language.templates import teach
from api.pages import wording
from api.pages.filled import Filled
from api.settings import settings
from api.templating import environment, render

STATIC = Path(__file__).parents[1] / "static"
HTMX = "vendor/htmx.min.js"
LEAFLET, LEAFLET_STYLE = "vendor/leaflet.js", "vendor/leaflet.css"
ATLAS = "vendor/countries-10m.json"
NOTHING_YET = Filled()


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """The page `template` with this context. `form` is there for every template, empty if not given."""
    return render(request, template, status, **{"form": NOTHING_YET, **context})


def as_file(name: str) -> dict[str, str]:
    """Headers of a file to keep, with a name of letters, digits, dots and hyphens. No cache keeps it."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


@cache
def static(name: str) -> str:
    """A file's address. It changes with the content, so that nobody sees yesterday's style."""
    content = (STATIC / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:8]}"


@cache
def has_htmx() -> bool:
    """Whether the set-up brought the library; the pages do without."""
    return (STATIC / HTMX).is_file()


@cache
def has_map() -> bool:
    """Whether the set-up brought what draws the map; the pages have their lists without it."""
    return all((STATIC / name).is_file() for name in (LEAFLET, LEAFLET_STYLE, ATLAS))


def looks_up() -> str:
    """The host of the operator's geocoder, which pages name where people type an address; "" without one."""
    return urlsplit(settings().geocoder_url or "").hostname or ""


def router() -> str:
    """The host of the operator's server of road times; "" without one."""
    return urlsplit(settings().osrm_url or "").hostname or ""


@pass_context
def may(context: Context, right: str) -> bool:
    """Whether the reader's role in this campaign has the right: what nobody may press need not be shown."""
    access = getattr(context["request"].state, "access", None)
    return access is not None and access.may(right)


def _prepare() -> None:
    teach(environment)
    environment.globals.update(static=static, has_htmx=has_htmx, htmx=HTMX, looks_up=looks_up, router=router)
    environment.globals.update(has_map=has_map, leaflet=LEAFLET, leaflet_style=LEAFLET_STYLE)
    environment.filters.update(
        full_day=wording.full_day,
        short_day=wording.short_day,
        clock=wording.clock,
        moment=wording.moment,
        about=wording.about,
        duration=wording.duration,
        seconds=wording.seconds,
        people=wording.people,
        number=wording.number,
        # For what is data: `_` takes a text for ours, with markup and gaps.
        translated=translated,
    )
    environment.globals.update(hours=wording.hours, may=may)


_prepare()
