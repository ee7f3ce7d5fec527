"""The API's documentation, for coordinators: its OpenAPI document and a page to read and try it."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.auth import API, Staff
from api.pages.rendering import STATIC, page

router = APIRouter(include_in_schema=False)
DOCUMENT = f"{API}/openapi.json"
VIEWER = "vendor/swagger-ui-bundle.js"


@router.get(DOCUMENT)
def openapi(coordinator: Staff, request: Request) -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = request.app.openapi()
    return document


@router.get("/docs")
def docs(coordinator: Staff, request: Request) -> HTMLResponse:
    """The document in Swagger UI, or what to do where the set-up could not fetch it."""
    has_viewer = (STATIC / VIEWER).is_file()
    return page(request, "docs.html", coordinator=coordinator, document=DOCUMENT, has_viewer=has_viewer)
