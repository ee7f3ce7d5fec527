"""What every page that shows a run needs to know of it."""

from typing import Any

from api.pages import wording as wording_of
from api.pages.coordinators import ordering, road_words, wording
from api.pages.coordinators.chart import chart, clock, figure, rows
from api.services.matching import USUAL_PENALTY
from api.services.views import RunView

GOING = ("queued", "running")
WITH_PLAN = ("done", "published")
SILENT_SECONDS = 15
"""A worker that says nothing for so long is probably gone."""
NARROW, WIDE = (320, 240), (760, 300)


def about(run: RunView | None) -> dict[str, Any]:
    """For the templates that show one run; None: there is none yet."""
    if run is None:
        return {"run": None, "going": False, "with_plan": False, "figure": figure, "result": "", "charts": []}
    until = run.elapsed_seconds if run.state == "running" else 0.0
    sizes = (("narrow", NARROW), ("wide", WIDE))
    drawn = [(name, chart(run.history, until, *size)) for name, size in sizes]
    return {
        "run": run,
        "going": run.state in GOING,
        "with_plan": run.state in WITH_PLAN,
        "result": wording.verdict(run),
        "charts": [(name, one) for name, one in drawn if one is not None],
        "rows": rows(run.history),
        "figure": figure,
        "moment_of": clock,
        "usual_penalty": USUAL_PENALTY,
        "worth": ordering.worth(run.minutes_per_volunteer),
        "keeping": ordering.keeping(run.change_penalty),
        "roads": road_words.told(run),
        "silent": run.state == "running" and run.silent_seconds >= SILENT_SECONDS,
    }


def settings(run: RunView) -> str:
    """What a run was told, in a few words."""
    words = [f"{wording_of.seconds(run.seconds)} at most"]
    words.append(f"a person is worth {wording_of.duration(run.minutes_per_volunteer)} of driving")
    if run.change_penalty != USUAL_PENALTY:
        words.append(f"a broken promise {run.change_penalty:g} people")
    return ", ".join(words)
