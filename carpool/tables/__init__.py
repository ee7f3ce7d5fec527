"""Tables as people keep them: read from CSV, .xlsx or pasted cells, columns guessed, values understood as they are written.

    table = read_table(path.read_bytes())
    layout = guess(table, PEOPLE)
    for row in body(table, layout):
        found = understand_person(row, layout, days)

Nothing here knows a database, a form or what day it is: whoever calls says which days there are.
"""

from carpool.tables.columns import body, guess
from carpool.tables.events import EventRow, understand_event
from carpool.tables.fields import EVENTS, PEOPLE, Field
from carpool.tables.people import PersonRow, understand_person
from carpool.tables.reading import read_pasted, read_table
from carpool.tables.table import Layout, Problem, Row, Table, TableRefused, Unclear, Understood

__all__ = [
    "EVENTS",
    "PEOPLE",
    "EventRow",
    "Field",
    "Layout",
    "PersonRow",
    "Problem",
    "Row",
    "Table",
    "TableRefused",
    "Unclear",
    "Understood",
    "body",
    "guess",
    "read_pasted",
    "read_table",
    "understand_event",
    "understand_person",
]
