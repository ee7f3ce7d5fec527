"""A move by hand: how soon its effect is shown."""

import re
from html import unescape
from statistics import median

from sqlalchemy import Engine, text

from tests.benchmarks.console.filling import Scene
from tests.benchmarks.console.report import Figure, most, not_built
from tests.benchmarks.console.visitor import Client

WHAT, LIMIT_MS = "A manual move shows its effect, median of many", 300
RIDERS, CARS = 10, 3
RIDING = """
SELECT planned.run_id, planned.sign_up_id FROM planned JOIN run ON run.id = planned.run_id
WHERE run.day = :day AND run.state = 'done' AND planned.position > 0
ORDER BY run.created_at DESC, md5(planned.sign_up_id::text) LIMIT :many
"""
"""Riders of the newest plan that is not published yet."""
MOVE = re.compile(r'href="([^"]+/change\?do=ride[^"]+)"')


def measure(engine: Engine, client: Client, scene: Scene) -> list[Figure]:
    """Some riders, each looked at in some other cars."""
    with engine.connect() as connection:
        riders = connection.execute(text(RIDING), {"day": scene.day, "many": RIDERS}).all()
    took = []
    for run_id, sign_up_id in riders:
        page = f"/coordinate/{scene.slug}/{scene.day}/runs/{run_id}/hands/{sign_up_id}"
        for address in MOVE.findall(client.get(page).response.text)[:CARS]:
            answer = client.get(unescape(address))
            assert answer.response.status_code == 200, answer.response.status_code
            took.append(answer.ms)
    if not took:
        return [not_built(WHAT, f"≤ {LIMIT_MS} ms", "no other car takes any of these riders")]
    return [most(WHAT, LIMIT_MS, median(took), more=f"(worst of {len(took)}: {max(took):,.0f} ms)")]
