"""A report that loses its replica half way is answered from the database itself, unless it has begun to be sent."""

import asyncio
from typing import Any, cast

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.ops.db import Database
from app.ops.replica import ReplicaLost
from app.web.replicas import Replicas

REPLICA = "postgresql://nobody@127.0.0.1:1/nothing"


class Losing:
    """An application that loses its replica once, after or before it began to answer."""

    def __init__(self, *, begun: bool) -> None:
        self.begun = begun
        self.tries: list[bool] = []

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        again = bool(scope["state"].get("replica_lost"))
        self.tries.append(again)
        scope["path_params"] = {"as": "a router does"}
        if self.begun or again:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        if not again:
            raise ReplicaLost
        await send({"type": "http.response.body", "body": b"from the primary"})


def ask(app: ASGIApp, method: str) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": method, "path": "/coverage", "headers": []}
    asyncio.run(
        Replicas(app, Database("postgresql://nobody@127.0.0.1:1/x", REPLICA))(scope, cast("Receive", None), send)
    )
    return sent


def test_it_is_asked_again_and_then_of_the_primary() -> None:
    losing = Losing(begun=False)
    assert [message.get("body") for message in ask(losing, "GET")] == [None, b"from the primary"]
    assert losing.tries == [False, True]


@pytest.mark.parametrize(("begun", "method"), [(True, "GET"), (False, "POST")])
def test_what_was_begun_or_changes_something_is_not_done_twice(begun: bool, method: str) -> None:
    losing = Losing(begun=begun)
    with pytest.raises(ReplicaLost):
        ask(losing, method)
    assert losing.tries == [False]
