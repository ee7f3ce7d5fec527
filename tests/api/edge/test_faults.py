"""What does not fit is put into plain words, by field, without the value."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator

from api.edge.faults import UNFIT, in_words


class Model(BaseModel):
    """One field of each kind."""

    count: Annotated[int, Field(ge=0, le=8)] = 0
    size: float = 0.0
    yes: bool = False
    text: Annotated[str, Field(min_length=1, max_length=9)] = "x"
    kind: Literal["offer", "request"] = "offer"
    many: list[int] = []
    code: str = ""

    @field_validator("code")
    @classmethod
    def _number(cls, value: str) -> str:
        if value == "ours":
            raise ValueError("Type a code.")
        int(value)
        return value


def words(**values: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        Model(**values)
    return in_words([{**fault, "loc": ("body", *fault["loc"])} for fault in refused.value.errors()])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"count": 9}, {"count": "Expected at most 8."}),
        ({"count": -1}, {"count": "Expected at least 0."}),
        ({"count": "many"}, {"count": "Expected a whole number."}),
        ({"size": "big"}, {"size": "Expected a number."}),
        ({"yes": "perhaps"}, {"yes": "Expected true or false."}),
        ({"text": ""}, {"text": "Expected at least 1 characters."}),
        ({"text": 7}, {"text": "Expected a text."}),
        ({"kind": "other"}, {"kind": "Expected 'offer' or 'request'."}),
        ({"many": [1, "two"]}, {"many.1": "Expected a whole number."}),
        ({"code": "ours"}, {"code": "Type a code."}),
        ({"code": "07700900123"}, {}),
        ({"code": "secret"}, {"code": UNFIT}),
        (
            {"count": 9, "text": ""},
            {"count": "Expected at most 8.", "text": "Expected at least 1 characters."},
        ),
    ],
)
def test_each_field_says_what_would_fit(values: dict[str, Any], expected: dict[str, str]) -> None:
    if expected:
        assert words(**values) == expected
    else:
        Model(**values)


def test_every_kind_of_pydantic_has_words() -> None:
    assert in_words([{"type": "something_new", "loc": ("query", "x"), "input": "secret"}]) == {"x": UNFIT}
