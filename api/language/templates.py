"""How templates say things: the functions that `{% trans %}` and `_()` call."""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from api import language

Tame = Callable[[object], object]


def teach(environment: Environment, tame: Tame = lambda value: value) -> None:
    """Let the templates speak the language of the moment. `tame` is done to whatever is put into a text."""

    def finish(context: Context, text: str, variables: dict[str, Any]) -> str:
        put_in = {name: tame(value) for name, value in variables.items()}
        # Also without variables: a percent sign is written twice in every text.
        return (Markup(text) if context.eval_ctx.autoescape else text) % put_in  # noqa: S704 - our own texts

    @pass_context
    def gettext(context: Context, text: str, /, **variables: Any) -> str:
        return finish(context, language.gettext(text), variables)

    @pass_context
    def ngettext(context: Context, one: str, many: str, count: int, /, **variables: Any) -> str:
        return finish(context, language.ngettext(one, many, count), {"num": count, **variables})

    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # added by the extension
    environment.globals.update(
        gettext=gettext, ngettext=ngettext, _=gettext, language=language.spoken, languages=language.NAMES
    )
