"""A ChatKit server on the official SDK, to test against.

There is no language model behind it: what it answers is written in the person's message, which `script.py` reads.

    KITTIWAKE_PEER_TOKEN=… python chatkit_server.py [PORT]

Port 0 (the default) takes a free one. The first line on standard output is `READY <port>`. With
`KITTIWAKE_PEER_UNTIL_EOF` set the server ends when its standard input does, so that it never outlives a killed test.

    POST /chatkit            the protocol; needs `Authorization: Bearer <token>`, `X-Auth-Token: <token>`, or a cookie
                             `sid=<token>`; with KITTIWAKE_PEER_HEADER=<name>: <value> that header as well
    PUT  /files/<id>         takes a file that was announced, and GET gives it back: see `attachments.py`
    GET  /profile            which models there are; this and the next two need the bearer token
    GET  /profile/office     a connection's options: the example that the documentation has
    GET  /people?q=TEXT      who can be mentioned, by a part of the name
    GET  /health             {"ok": true}
    GET  /debug/state        all that is stored, hidden items included, the feedback, the files, and the gates somebody
                             waits at
    POST /debug/open/<name>  opens the gate at which `/gate <name>` waits
"""

import asyncio
import hmac
import json
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import acts
import uvicorn
from attachments import Files
from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import NotFoundError
from memory_store import MemoryStore
from pydantic import ValidationError
from script import Gates, Scripted, answer
from sdk import VERSION
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

EXAMPLE = Path(__file__).parents[2] / "docs" / "profile.example.json"

PEOPLE = [
    {"id": "ada", "title": "Ada Lovelace", "group": "People", "icon": "profile", "data": {"team": "sea"}},
    {"id": "eve", "title": "Eve Adams", "group": "People", "icon": "profile", "data": {"team": "land"}},
]


@dataclass
class Turn:
    """What one request carries through the SDK."""

    drop: bool = False
    """Set by `/drop`: the connection is cut before the next event."""

    bearer: str = ""
    """What the request was sent with."""

    base: str = ""
    """The address of this server, as the client knows it."""


class Dropped(Scripted):
    """Ends the response without its final chunk, as a proxy that gives up does."""


class Peer(ChatKitServer[Turn]):
    def __init__(self, store: MemoryStore, gates: Gates, files: Files) -> None:
        super().__init__(store, files)
        self.gates = gates
        self.feedback: list[dict] = []

    async def respond(self, thread, input_user_message, context):
        async for event in answer(self.store, self.gates, thread, input_user_message, context):
            yield event

    async def action(self, thread, action, sender, context):
        async for event in acts.on_action(action, sender):
            yield event

    async def sync_action(self, thread, action, sender, context):
        updated = acts.on_sync_action(action, sender)
        await self.store.save_item(thread.id, updated.updated_item, context)
        return updated

    async def add_feedback(self, thread_id, item_ids, feedback, context):
        self.feedback.append({"thread_id": thread_id, "item_ids": item_ids, "kind": feedback})


async def until_dropped(stream: StreamingResult, turn: Turn):
    async for chunk in stream:
        if turn.drop:
            raise Dropped
        yield chunk


def gateway_lets_in(request: Request) -> bool:
    """What a gateway before a server wants to see, beside whatever the server itself does."""
    name, _, value = os.environ.get("KITTIWAKE_PEER_HEADER", "").partition(": ")
    return not name or hmac.compare_digest(request.headers.get(name, "").encode(), value.encode())


def build_app(accepts: Callable[[str], bool]) -> Starlette:
    """The application, for whoever carries a bearer token that is accepted."""
    store = MemoryStore()
    gates = Gates()
    files = Files(store, gates, accepts)
    peer = Peer(store, gates, files)

    async def chatkit(request: Request) -> Response:
        bearer = (
            request.headers.get("x-auth-token")
            or request.cookies.get("sid")
            or request.headers.get("authorization", "").removeprefix("Bearer ")
        )
        if not accepts(bearer) or not gateway_lets_in(request):
            return JSONResponse({"detail": "Not authenticated"}, status_code=401)
        turn = Turn(bearer=bearer, base=str(request.base_url))
        try:
            result = await peer.process(await request.body(), turn)
        except ValidationError as error:
            return JSONResponse({"detail": json.loads(error.json(include_url=False))}, status_code=422)
        except NotFoundError as error:
            return JSONResponse({"detail": str(error)}, status_code=404)
        if isinstance(result, StreamingResult):
            headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
            return StreamingResponse(until_dropped(result, turn), media_type="text/event-stream", headers=headers)
        return Response(result.json, media_type="application/json")

    def guarded(answer: Callable[[Request], Response]):
        """What whoever carries an accepted bearer token is answered."""

        async def endpoint(request: Request) -> Response:
            if not accepts(request.headers.get("authorization", "").removeprefix("Bearer ")):
                return JSONResponse({"detail": "Not authenticated"}, status_code=401)
            return answer(request)

        return endpoint

    def profile(_: Request) -> Response:
        fast = {"id": "fast", "label": "Fast", "description": "Answers at once.", "tags": ["small"], "default": True}
        return JSONResponse({"models": [fast, {"id": "deep", "label": "Deep", "context": 200_000}]})

    def office(_: Request) -> Response:
        return Response(EXAMPLE.read_bytes(), media_type="application/json")

    def people(request: Request) -> Response:
        sought = request.query_params.get("q", "").lower()
        return JSONResponse([person for person in PEOPLE if sought in person["title"].lower()])

    async def health(_: Request) -> Response:
        return JSONResponse({"ok": True})

    async def state(_: Request) -> Response:
        told = {"sdk": VERSION, "feedback": peer.feedback, "waiting": gates.waiting()}
        return JSONResponse({**store.dump(), **files.dump(), **told})

    async def open_gate(request: Request) -> Response:
        gates.open(request.path_params["name"])
        return JSONResponse({})

    return Starlette(
        routes=[
            Route("/chatkit", chatkit, methods=["POST"]),
            Route("/health", health),
            Route("/profile", guarded(profile)),
            Route("/profile/office", guarded(office)),
            Route("/people", guarded(people)),
            Route("/debug/state", state),
            Route("/debug/open/{name}", open_gate, methods=["POST"]),
            *files.routes(),
        ]
    )


def is_news(record: logging.LogRecord) -> bool:
    """Whether a failure is worth being logged: not when a test asked for it."""
    return not (record.exc_info and isinstance(record.exc_info[1], Scripted))


async def serve(port: int, app: ASGIApp, date_header: bool) -> None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(64)
    print(f"READY {listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1, date_header=date_header
    )
    for name in ("uvicorn.error", "chatkit"):
        logging.getLogger(name).addFilter(is_news)
    await uvicorn.Server(config).serve(sockets=[listener])


def end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def run(app: ASGIApp, *, date_header: bool = True) -> None:
    """Serves until it is ended, on the port that the command line says. An app that dates its answers by itself says so."""
    if os.environ.get("KITTIWAKE_PEER_UNTIL_EOF"):
        threading.Thread(target=end_with_stdin, daemon=True).start()
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    asyncio.run(serve(port, app, date_header))


def main() -> None:
    token = os.environ.get("KITTIWAKE_PEER_TOKEN")
    if not token:
        sys.exit("set KITTIWAKE_PEER_TOKEN to the bearer token that clients must send")
    run(build_app(lambda given: hmac.compare_digest(given.encode(), token.encode())))


if __name__ == "__main__":
    main()
