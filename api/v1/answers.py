"""What the API answers when it does not do what was asked, for its documentation."""

from typing import Annotated, Any

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """What is wrong, in plain words."""

    message: Annotated[str, Field(examples=["Type your postcode, for example LS6 2AB."])]
    field: Annotated[str | None, Field(description="The field or parameter that it is about.")] = None
    fields: Annotated[dict[str, str] | None, Field(description="All that is wrong, by field.")] = None


class Refusal(BaseModel):
    """Every answer of 400 or above."""

    error: Problem


Responses = dict[int | str, dict[str, Any]]

DESCRIPTIONS = {
    401: "No log-in, or one that has ended.",
    403: "Sent from another website's page, or beyond what the coordinator's role in the campaign includes.",
    404: "There is nothing here, or nothing that you may see.",
    409: "It clashes with what is there already.",
    413: "The body is larger than 64 KiB.",
    422: "Something does not fit; `field` and `fields` say what.",
    429: "Too many tries; the header `Retry-After` says how many seconds to wait.",
    503: "The database cannot be reached. Nothing was saved; try again with the same `Idempotency-Key`.",
}


def refusals(*statuses: int) -> Responses:
    """The documentation of these statuses."""
    return {status: {"model": Refusal, "description": DESCRIPTIONS[status]} for status in statuses}


EVERYWHERE = refusals(422, 503)
OF_COORDINATORS = refusals(401, 403, 404)
OF_CHANGES = refusals(403, 413)
