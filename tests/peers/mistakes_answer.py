"""Chat backends that each make one mistake when they answer, below a path that names it.

    python mistakes_answer.py [PORT]

Each has POST /api/chat/stream (or /api/chat alone), POST /v1/chat/completions, or WS /ws/chat/<session>, as it says below.

    /good               streams, by either of the first two and over a WebSocket, and makes none
    /silent-before      takes the request and does not begin to answer
    /silent-after       sends the head of a stream and nothing more
    /silent-midway      sends a word, too, and nothing more
    /slow               streams a word at a time, as models do; something before it may collect them
    /collected          puts all events together before it sends any
    /type               streams and calls it text/html, as Flask does by itself
    /type-plain         streams and calls it text/plain
    /type-binary        answers with application/octet-stream
    /no-data            calls bare text a stream
    /empty              ends a stream without an event
    /latin              streams Latin-1; /latin-whole answers with it
    /model-missing      wants a model, by FastAPI's own words
    /model-ignored      answers with the model it has, whatever is asked for
    /model-unknown      has no such model
    /format             has its text in reply.body
    /rate               429, for an hour
    /quota              429, for good; /quota-later says when there is more; /quota-stream says so in its stream
    /socket-refused     opens no WebSocket; /socket-dropped fails there, /socket-closed takes leave, /socket-silent says nothing
    /files, /chatkit    and what begins so: `mistakes_upload.py`

    GET /debug/files    {"came": [{"name", "type", "text", "signed"}], "deleted": [id]}
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from chatkit_server import run
from fastapi import FastAPI, Request, Response, WebSocket
from fastapi.responses import JSONResponse, StreamingResponse
from mistakes_upload import Files, backends
from pydantic import BaseModel
from starlette.types import ASGIApp

STREAM, WHOLE, OPENAI = "/api/chat/stream", "/api/chat", "/v1/chat/completions"
EVENTS = "text/event-stream"
WORDS = ["Good", " day", " to", " you", "."]


class Named(BaseModel):
    message: str
    model: str


def events(model: str = "") -> list[str]:
    """An answer in words, or in the chunks of a model."""
    if not model:
        return [f"data: {word}\n\n" for word in [*WORDS, "[DONE]"]]
    chunks = [{"model": model, "choices": [{"index": 0, "delta": {"content": word}}]} for word in WORDS]
    chunks.append({"model": model, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    return [*[f"data: {json.dumps(chunk)}\n\n" for chunk in chunks], "data: [DONE]\n\n"]


async def one_by_one(pieces: list[str], pause: float = 0) -> AsyncIterator[str]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(pause)


async def never() -> None:
    await asyncio.Event().wait()


async def then_never(pieces: list[str]) -> AsyncIterator[str]:
    for piece in pieces:
        yield piece
    await never()


def at(path: str, answer: Any) -> FastAPI:
    """A backend that has one answer at one path."""
    app = FastAPI()

    @app.post(path)
    async def asked() -> Response:
        response = answer()
        return await response if asyncio.iscoroutine(response) else response

    return app


def streaming(pieces: list[str], kind: str = EVENTS, pause: float = 0) -> FastAPI:
    return at(STREAM, lambda: StreamingResponse(one_by_one(pieces, pause), media_type=kind))


def refusing(status: int, detail: Any, headers: dict[str, str] | None = None, path: str = OPENAI) -> FastAPI:
    return at(path, lambda: JSONResponse(detail, status_code=status, headers=headers))


def over_socket(app: FastAPI, answer: Any) -> FastAPI:
    @app.websocket("/ws/chat/{session}")
    async def chat(socket: WebSocket, session: str) -> None:
        await socket.accept()
        await socket.receive_json()
        await answer(socket)

    return app


async def say(socket: WebSocket) -> None:
    for word in WORDS:
        await socket.send_json({"type": "token", "text": word})
    await socket.send_json({"type": "done"})
    await socket.receive()


async def fail(socket: WebSocket) -> None:
    await socket.send_json({"type": "token", "text": "Good"})
    raise RuntimeError("the model is gone")


async def leave(socket: WebSocket) -> None:
    await socket.close(code=1011, reason="the model is gone")


async def hang(socket: WebSocket) -> None:
    await never()


def good() -> FastAPI:
    app = streaming(events())

    @app.post(OPENAI)
    async def chunks(request: Request) -> StreamingResponse:
        asked = await request.json()
        return StreamingResponse(one_by_one(events(asked["model"])), media_type=EVENTS)

    return over_socket(app, say)


def picky() -> FastAPI:
    app = FastAPI()

    @app.post(STREAM)
    async def stream(request: Named) -> StreamingResponse:
        return StreamingResponse(one_by_one(events()), media_type=EVENTS)

    return app


def failing_stream() -> list[str]:
    error = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
    return [f"data: {json.dumps(error)}\n\n"]


def build() -> ASGIApp:
    app, files = FastAPI(), Files()
    quota = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
    unknown = {"error": {"message": "The model `gull-9` does not exist", "code": "model_not_found"}}
    latin = json.dumps({"response": "Grüße"}, ensure_ascii=False).encode("latin-1")

    async def before() -> Response:
        await never()

    for path, backend in {
        "/good": good(),
        "/silent-before": at(STREAM, before),
        "/silent-after": at(STREAM, lambda: StreamingResponse(then_never([]), media_type=EVENTS)),
        "/silent-midway": at(STREAM, lambda: StreamingResponse(then_never(events()[:1]), media_type=EVENTS)),
        "/slow": streaming(events(), pause=0.2),
        "/collected": at(STREAM, lambda: Response("".join(events()), media_type=EVENTS)),
        "/type": streaming(events(), "text/html"),
        "/type-plain": streaming(events(), "text/plain"),
        "/type-binary": at(STREAM, lambda: Response(b"Good day", media_type="application/octet-stream")),
        "/no-data": streaming(["Good day\n", "to you.\n"]),
        "/empty": streaming([": nothing\n\n"]),
        "/latin": at(STREAM, lambda: Response("data: Grüße\n\n".encode("latin-1"), media_type=EVENTS)),
        "/latin-whole": at(WHOLE, lambda: Response(latin, media_type="application/json")),
        "/model-missing": picky(),
        "/model-ignored": at(OPENAI, lambda: StreamingResponse(one_by_one(events("tiny")), media_type=EVENTS)),
        "/model-unknown": refusing(404, unknown),
        "/format": at(WHOLE, lambda: JSONResponse({"id": "run-1", "reply": {"body": "Good day", "tokens": 3}})),
        "/rate": refusing(429, {"detail": "Slow down"}, {"Retry-After": "3600"}, STREAM),
        "/quota": refusing(429, quota),
        "/quota-later": refusing(429, quota, {"Retry-After": "7200"}),
        "/quota-stream": at(OPENAI, lambda: StreamingResponse(one_by_one(failing_stream()), media_type=EVENTS)),
        "/socket-refused": FastAPI(),
        "/socket-dropped": over_socket(FastAPI(), fail),
        "/socket-closed": over_socket(FastAPI(), leave),
        "/socket-silent": over_socket(FastAPI(), hang),
        **backends(files),
    }.items():
        app.mount(path, backend)

    @app.get("/debug/files")
    def kept() -> dict:
        return vars(files)

    return app


if __name__ == "__main__":
    run(build())
