"""`python -m api texts`: brings the catalogues up to date with what the pages and messages say."""

import typer
from babel.messages.pofile import read_po, write_po

from api.language import CATALOGUES, LOCALES, WELSH
from api.language.texts import found, missing_in

HEADER = "# Welsh texts, a draft until somebody who speaks Welsh has read it.\n\n"


def texts() -> None:
    """Add what is new to the Welsh texts, empty, and take out what nobody says any more."""
    path = CATALOGUES / f"{WELSH}.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LOCALES[WELSH])
    catalogue.update(found(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalogue, width=110, sort_output=True, omit_header=True, include_lineno=False)
    missing = missing_in(catalogue)
    typer.echo(f"{len(catalogue)} texts, {len(missing)} of them not translated yet.")
