"""The web server, which ends without cutting off a request that is on its way."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import uvicorn

from api.commands.listening import Socket

LEAVE_SECONDS = 0.5
LOOKS = 10


class WebServer(uvicorn.Server):
    """uvicorn, with a gentler end.

    Left to itself it closes the connections that look idle just then, and those that nobody has taken up yet: whoever had
    sent a request over one of them gets no answer, and cannot know whether it was heard.
    """

    async def shutdown(self, sockets: list[Socket] | None = None) -> None:
        """Answer what comes, saying each time that the connection ends; close the door; see the last ones off."""
        self.server_state.default_headers.append((b"connection", b"close"))
        if self.server_state.connections:
            await asyncio.sleep(LEAVE_SECONDS)
        # Nothing comes between these two, so that hardly anybody can knock between them.
        waiting = list(_waiting(sockets or ()))
        for server in self.servers:
            server.close()
        for one in waiting:
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, one)
        for _ in range(LOOKS):
            if self.server_state.connections:
                await asyncio.sleep(LEAVE_SECONDS / LOOKS)
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        """What uvicorn makes for each connection."""
        protocol: Callable[..., Any] = self.config.http_protocol_class
        made: asyncio.Protocol = protocol(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made


def _waiting(sockets: Sequence[Socket]) -> Iterator[Socket]:
    """The connections that are made and not taken up."""
    for listening in sockets:
        with suppress(BlockingIOError):
            while True:
                one, _ = listening.accept()
                one.setblocking(False)
                yield one
