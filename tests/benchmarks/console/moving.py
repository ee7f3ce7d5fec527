"""A move by hand: how soon its effect is shown."""

from sqlalchemy import Engine

from tests.benchmarks.console.filling import Scene
from tests.benchmarks.console.report import Figure, not_built
from tests.benchmarks.console.visitor import Client

WHAT, LIMIT_MS = "A manual move shows its effect", 300


def measure(engine: Engine, client: Client, scene: Scene) -> list[Figure]:
    """Nothing by hand is built yet; this is its place."""
    return [not_built(WHAT, f"≤ {LIMIT_MS} ms")]
