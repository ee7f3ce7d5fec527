"""A control for promise 1: the service as it must not be, which says "received" before it has written anything."""

import asyncio
from typing import Any

import uvicorn

from api.app import create_app
from api.settings import settings

ANSWER = b'{"reference": "", "kind": "offer", "created": true}'
tasks = set[asyncio.Task[None]]()


def careless(app: Any) -> Any:
    """The app, but forms are answered first and written afterwards."""

    async def answer_first(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await app(scope, receive, send)
            return
        body = await receive()

        async def read_before() -> Any:
            return body

        async def say_nothing(_message: Any) -> None:
            """It has said everything."""

        await send(
            {
                "type": "http.response.start",
                "status": 201,
                "headers": [(b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": ANSWER})
        task = asyncio.ensure_future(app(scope, read_before, say_nothing))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    return answer_first


if __name__ == "__main__":
    ours = settings()
    uvicorn.run(
        careless(create_app(ours)), host=ours.host, port=ours.port, log_level="warning", access_log=False
    )
