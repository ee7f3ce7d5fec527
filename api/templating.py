"""The one environment of the page templates. What every page needs is a global here."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.edge.csrf import csrf_token

TEMPLATES = Path(__file__).parent / "templates"

environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.globals["csrf_token"] = csrf_token


def render(request: Request, name: str, status: int = 200, **context: Any) -> HTMLResponse:
    """The page `name`, written now: a template that fails does so before anything is committed."""
    text = environment.get_template(name).render(request=request, **context)
    return HTMLResponse(text, status)
