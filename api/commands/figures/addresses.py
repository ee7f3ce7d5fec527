"""Every public page by its route, with addresses to load it at."""

from collections.abc import Mapping

from api.pages.journeys import CHECK, CONTACT, WAYS
from api.services.yardstick import Yardstick

NO_PAGES = ("/health", "/ready", "/metrics", "/v1/", "/static/", "/demo/", ".png", ".ics", ".json")
"""What answers everybody, but with no page, or in the demonstration alone: told by its beginning or its end."""
LEADS_ON = ("/l/{token}", "/h/{token}", "/i/{token}", "/login/code")
"""Routes that only lead to another page."""


def addresses(scene: Yardstick) -> Mapping[str, list[str]]:
    """Route → addresses. A test compares the routes with those of the app."""
    base = f"/c/{scene.slug}"
    place, event = f"{base}/places/{scene.constituency}", f"{base}/events/{scene.event}"
    return {
        "/": ["/"],
        "/near": ["/near?postcode=LS6+2AB", "/near?postcode=Leeds&every=1", "/near?postcode=ZZ9"],
        "/privacy": ["/privacy"],
        "/login": ["/login"],
        "/invited": ["/invited"],
        "/open": ["/open"],
        "/host/open": ["/host/open"],
        "/open/sent": ["/open/sent"],
        "/erased": ["/erased"],
        "/no-more/{token}": ["/no-more/of-nobody"],
        "/c/{slug}": [base],
        "/c/{slug}/days/{day}": [f"{base}/days/{scene.day}"],
        "/c/{slug}/near": [f"{base}/near?postcode=LS6+2AB", f"{base}/near?postcode=SW1A+1AA&every=1"],
        "/c/{slug}/home": [f"{base}/home"],
        "/c/{slug}/places/{code}": [place, f"{place}?postcode=Leeds"],
        "/c/{slug}/places/{code}/sheet": [f"{place}/sheet"],
        "/c/{slug}/events/{event_id}": [event],
        "/c/{slug}/events/{event_id}/sheet": [f"{event}/sheet"],
        "/c/{slug}/sent/{reference}": [f"{base}/sent/ABCD-2345"],
        "/c/{slug}/{what}/check": [f"{base}/{what}/{CHECK}" for what in WAYS],
        "/c/{slug}/{what}/{step}": [
            f"{base}/{what}/{step.slug}" for what, way in WAYS.items() for step in (*way.steps, CONTACT)
        ],
    }  # fmt: skip
