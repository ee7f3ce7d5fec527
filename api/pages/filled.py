"""What somebody typed into a form and what is wrong with it: all that a template needs to show the form again."""

import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel
from starlette.datastructures import FormData

from api.errors import Invalid
from api.language.library import translated

_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Filled:
    """Values by field, as typed or as stored, and messages by field, which `error` puts into the language spoken.

    `places` says where to mend what is wrong, for fields that are not on the page under their own name. `choices` are what
    may have been meant, each with what helps to recognise it.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    choices: Sequence[tuple[str, str]] = ()

    def place(self, name: str) -> str:
        """Where the summary of errors leads to."""
        return self.places.get(name) or f"#{name or 'main'}"

    def value(self, name: str, default: Any = "") -> Any:
        found = self.values.get(name)
        return default if found is None else found

    def error(self, name: str) -> str | None:
        """What is wrong with a field, in the language spoken."""
        return translated(self.errors[name]) if name in self.errors else None

    def chosen(self, name: str, option: Any, default: Any = "") -> bool:
        """Whether this option is ticked. What a page sends is text, what is stored may be a number or a truth."""
        found = self.value(name, default)
        if isinstance(found, list):
            return _text(option) in {_text(one) for one in found}
        return _text(found) == _text(option)


def refused(values: Mapping[str, Any], error: Invalid) -> Filled:
    """The same form again with what is wrong. Where several places have the name nothing is: it asks which."""
    return Filled(values, {} if error.choices else error.errors, choices=error.choices)


async def posted(request: Request) -> FormData:
    """The form's fields, read once, so that the handlers themselves need not be asynchronous."""
    return await request.form()


Posted = Annotated[FormData, Depends(posted)]


def fields_of(model: type[BaseModel], form: FormData) -> dict[str, Any]:
    """What the page sent for the model's fields. A box that is not ticked sends nothing, and means no."""
    raw: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        typed = [value for value in form.getlist(name) if isinstance(value, str)]
        if _holds_list(info.annotation):
            raw[name] = typed or info.get_default(call_default_factory=True)
        elif typed:
            raw[name] = typed[-1]
        elif info.annotation is bool and info.default is False:
            raw[name] = False
    return raw


def ids(form: FormData, name: str) -> list[UUID]:
    """The ids that are ticked under a name; what is none is passed over."""
    return [UUID(one) for one in form.getlist(name) if isinstance(one, str) and _UUID.fullmatch(one)]


def _holds_list(annotation: Any) -> bool:
    if get_origin(annotation) in (Annotated, Union, types.UnionType):
        return any(_holds_list(part) for part in get_args(annotation))
    return get_origin(annotation) is list


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
