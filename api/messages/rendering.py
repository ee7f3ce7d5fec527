"""Letters from templates: each has a text and an HTML version with the same words, and those to volunteers a short one.

Whatever somebody typed is put on one line, so that it cannot add lines to a text, and escaped in HTML. Filters such as
`strong` mark up what they get in HTML and leave it plain in a text, so that both have the same sentences to translate.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_eval_context, select_autoescape
from jinja2.nodes import EvalContext
from markupsafe import Markup

from api.language.templates import teach
from api.messages import gsm, words
from api.messages.letter import Letter

TEMPLATES = Path(__file__).parents[1] / "templates" / "mail"


def render(template: str, subject: str, reply_to: str, *, has_short: bool = True, **context: Any) -> Letter:
    """The letter from `template`.txt, `template`.html and, for those that have one, `template`.sms."""
    text = _environment().get_template(f"{template}.txt").render(subject=subject, **context)
    html = _environment().get_template(f"{template}.html").render(subject=subject, **context)
    short = _environment().get_template(f"{template}.sms").render(**context) if has_short else ""
    return Letter(
        words.one_line(subject), text.strip() + "\n", html, reply_to, gsm.plain(_without_gaps(short))
    )


def _without_gaps(text: str) -> str:
    """No room is paid for at the ends of lines, nor for names that are not there."""
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_tame,
    )
    environment.filters |= {
        "clock": words.clock,
        "long_day": words.long_day,
        "moment": words.moment,
        "people": words.people,
        "minutes": words.minutes,
        "strong": _strong,
        "linked": _linked,
        "mailto": _mailto,
        "first_name": words.first_name,
        "text_day": words.text_day,
        "clip": gsm.clip,
    }
    teach(environment, _tame)
    return environment


def _tame(value: object) -> object:
    """What a template prints: text on one line, but for markup that we made ourselves."""
    return words.one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@pass_eval_context
def _strong(context: EvalContext, value: str) -> str:
    """What matters most in a sentence."""
    return _marked_up(context, value, "<strong>{}</strong>")


@pass_eval_context
def _linked(context: EvalContext, address: str, said: str = "") -> str:
    """An address that can be pressed, in HTML under the words `said` if there are some."""
    return _marked_up(context, address, '<a href="{}">{}</a>', said or address)


@pass_eval_context
def _mailto(context: EvalContext, address: str) -> str:
    """An e-mail address that can be pressed."""
    return _marked_up(context, address, '<a href="mailto:{}">{}</a>', address)


def _marked_up(context: EvalContext, value: str, markup: str, *more: str) -> str:
    """The values in `markup`, tame and escaped, where the template is HTML; else the first of them, tame."""
    if not context.autoescape:
        return words.one_line(value)
    return Markup(markup).format(*map(_tame, (value, *more)))  # noqa: S704 - our own markup
