"""What the tests of the jobs share: tools with a channel that keeps letters and a solver that does as it is told."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from api.jobs.solving import Solver
from api.jobs.tools import Tools
from api.messages.channels.fake import FakeChannel
from api.messages.house import House

HOUSE = House("https://lifts.test.org.uk", "The Testers", "operator@test.org.uk")


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def solver() -> Iterator[Solver]:
    """Its child solves for real, or does one of `tests.api.jobs.works` if the seed says so."""
    solver = Solver("tests.api.jobs.works:by_seed")
    yield solver
    solver.close()


@pytest.fixture
def tools(engine: Engine, channel: FakeChannel, solver: Solver) -> Tools:
    return Tools(engine, channel, HOUSE, solver)
