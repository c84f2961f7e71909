"""Chat backends as the tutorials for FastAPI write them, each below a path of its own. None of them knows Kittiwake.

    python custom_server.py [PORT]

    /json      whole answers in JSON, a conversation for each `session_id`; nothing streams
    /sse       tokens behind `data: `, as they are; `[DONE]` at the end; nothing else
    /tokens    tokens in JSON, and an event `end`
    /login     a login that gives a JWT, sessions in SQLite that expire, and answers for whoever carries one
    /sessions  sessions of conversations in SQLite that expire: `POST /api/sessions` makes one, and nothing is answered outside
               of one; /sessions-stream streams instead, /sessions-422 and /sessions-401 refuse in other words;
               all answer over `/ws/chat/<session>`, too
    /models    a small and a large model behind paths of their own; /models/api/chat takes `model`
    /odd       a whole answer with the text in `reply.body`; /odd-stream the same token by token, in `w`
    /strict    wants a `question`, and nothing that it does not know
    /refusing  says 501 where it was to stream
    /keyed     answers whoever carries the token of KITTIWAKE_PEER_TOKEN, and nobody else
    /silent    answers with an empty stream
    /error     says `event: error` in mid-answer, /cut breaks off there

    POST /debug/expire   no session lives any more
    GET  /debug/asked    [[path, body], …] of every question so far
"""

import asyncio
import json
import os
import secrets
import sqlite3
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

import jwt
from chatkit_server import run
from fastapi import Depends, FastAPI, HTTPException, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEY = "a key of this server alone, and long enough"
ASKED: list[tuple[str, Any]] = []


class ChatRequest(BaseModel):
    message: str
    session_id: str = "default"
    model: str = "small"


class SessionRequest(BaseModel):
    model: str = "small"


class Question(BaseModel):
    model_config = ConfigDict(extra="forbid")
    question: str


class Login(BaseModel):
    email: str
    password: str


def words(message: str) -> list[str]:
    """An answer with paragraphs and a list, in the pieces in which models give them."""
    return ["You", " said", ":", "\n\n", "- ", message, "\n", "- and", " nothing", " else", ".", "", "\n\n", "Is", " that", " so?"]


def json_backend() -> FastAPI:
    app = FastAPI()
    conversations: dict[str, list[str]] = {}

    @app.get("/health")
    def health() -> dict:
        return {"status": "ok"}

    @app.post("/api/chat")
    def chat(request: ChatRequest) -> dict:
        said = conversations.setdefault(request.session_id, [])
        said.append(request.message)
        return {"response": f"Message {len(said)}: {request.message}", "session_id": request.session_id}

    return app


def streaming(path: str, tokens: Any) -> FastAPI:
    """A backend that does nothing but stream."""
    app = FastAPI()

    @app.post(path)
    async def stream(request: ChatRequest) -> StreamingResponse:
        return StreamingResponse(tokens(request), media_type="text/event-stream")

    return app


async def plain_tokens(request: ChatRequest) -> AsyncIterator[str]:
    for token in words(request.message):
        yield f"data: {token}\n\n"
        await asyncio.sleep(0)
    yield "data: [DONE]\n\n"


async def json_tokens(request: ChatRequest) -> AsyncIterator[str]:
    for token in words(request.message):
        yield f"data: {json.dumps({'token': token})}\n\n"
        await asyncio.sleep(0)
    yield f"event: end\ndata: {json.dumps({'usage': {'tokens': 16}})}\n\n"


async def odd_tokens(request: ChatRequest) -> AsyncIterator[str]:
    for token in words(request.message):
        yield f"data: {json.dumps({'run': 'run-0815', 'w': token})}\n\n"


async def no_tokens(request: ChatRequest) -> AsyncIterator[str]:
    yield ": nothing\n\n"


async def failing_tokens(request: ChatRequest) -> AsyncIterator[str]:
    yield "data: You said\n\n"
    yield f"event: error\ndata: {json.dumps({'detail': 'The model is out of memory'})}\n\n"


async def cut_tokens(request: ChatRequest) -> AsyncIterator[str]:
    yield "data: You said\n\n"
    await asyncio.sleep(0.05)
    raise RuntimeError("the model is gone")


def login_backend() -> tuple[FastAPI, sqlite3.Connection]:
    app = FastAPI()
    db = sqlite3.connect(":memory:", check_same_thread=False)
    db.execute("create table sessions (id text primary key, user text, expires_at real)")
    bearer = HTTPBearer()

    def current_user(given: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
        try:
            return jwt.decode(given.credentials, KEY, algorithms=["HS256"])["sub"]
        except jwt.PyJWTError as error:
            raise HTTPException(401, "Could not validate credentials") from error

    def session(given: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
        query = "select user from sessions where id = ? and expires_at > ?"
        found = db.execute(query, (given.credentials, time.time())).fetchone()
        if found is None:
            raise HTTPException(401, "Session expired")
        return found[0]

    @app.post("/auth/login")
    def login(request: Login) -> dict:
        if request.password != "s3same":
            raise HTTPException(401, "Incorrect e-mail or password")
        claims = {"sub": request.email, "exp": int(time.time()) + 600}
        return {"access_token": jwt.encode(claims, KEY, algorithm="HS256"), "token_type": "bearer"}

    @app.post("/api/sessions")
    def make(user: Annotated[str, Depends(current_user)]) -> dict:
        made, expires_at = secrets.token_urlsafe(24), time.time() + 600
        db.execute("insert into sessions values (?, ?, ?)", (made, user, expires_at))
        return {"session_id": made, "expires_at": expires_at}

    @app.post("/api/chat")
    def chat(request: ChatRequest, user: Annotated[str, Depends(session)]) -> dict:
        return {"message": f"{user} said: {request.message}"}

    return app, db


def session_backend(db: sqlite3.Connection, refusal: tuple[int, str], streams: bool = False) -> FastAPI:
    """Every conversation is a row of a table, and its messages are counted."""
    app = FastAPI()

    def heard(request: ChatRequest) -> str:
        query = "update conversations set messages = messages + 1 where id = ? and expires_at > ? returning messages"
        found = db.execute(query, (request.session_id, time.time())).fetchone()
        if found is None:
            raise HTTPException(*refusal)
        return f"Message {found[0]}: {request.message}"

    @app.post("/api/sessions", status_code=201)
    def make(request: SessionRequest) -> dict:
        made = f"conv_{secrets.token_hex(8)}"
        db.execute("insert into conversations values (?, 0, ?)", (made, time.time() + 600))
        return {"session_id": made, "model": request.model}

    @app.post("/api/chat/stream" if streams else "/api/chat", response_model=None)
    def chat(request: ChatRequest) -> dict | StreamingResponse:
        said = heard(request)
        tokens = (f"data: {word}\n\n" for word in [*said.partition(" "), "[DONE]"])
        return StreamingResponse(tokens, media_type="text/event-stream") if streams else {"response": said}

    @app.websocket("/ws/chat/{session_id}")
    async def socket(socket: WebSocket, session_id: str) -> None:
        query = "select 1 from conversations where id = ? and expires_at > ?"
        if db.execute(query, (session_id, time.time())).fetchone() is None:
            # Starlette refuses the handshake with 403 then.
            return await socket.close(code=4404)
        await socket.accept()
        try:
            while True:
                message = await socket.receive_json()
                said = heard(ChatRequest(message=message["text"], session_id=session_id))
                await socket.send_json({"type": "response", "text": said})
        except WebSocketDisconnect:
            pass
        except HTTPException:
            await socket.close(code=4404)

    return app


def models_backend() -> FastAPI:
    app = FastAPI()

    @app.post("/api/{model}/chat")
    def chat_of(model: str, request: ChatRequest) -> dict:
        return {"content": f"{model} heard {request.message}", "model": model}

    @app.get("/v1/models")
    def models() -> dict:
        return {"data": [{"id": "small"}, {"id": "large", "name": "Large"}]}

    @app.post("/api/chat")
    def chat(request: ChatRequest) -> dict:
        return {"choices": [{"message": {"role": "assistant", "content": f"{request.model} heard {request.message}"}}]}

    return app


def odd_backend() -> FastAPI:
    app = FastAPI()

    @app.post("/api/chat")
    def chat(request: ChatRequest) -> dict:
        return {"id": "run-0815", "reply": {"body": f"You said: {request.message}", "tokens": 3}}

    return app


def strict_backend() -> FastAPI:
    app = FastAPI()

    @app.post("/api/chat")
    def chat(request: Question) -> str:
        return f"You asked: {request.question}"

    return app


def refusing_backend() -> FastAPI:
    app = FastAPI()

    @app.post("/api/chat/stream")
    def stream(request: ChatRequest) -> None:
        raise HTTPException(501, "Streaming is switched off")

    @app.post("/api/chat")
    def chat(request: ChatRequest) -> dict:
        return {"text": f"You said: {request.message}"}

    return app


def keyed_backend() -> FastAPI:
    bearer = HTTPBearer()

    def known(given: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> None:
        if given.credentials != os.environ["KITTIWAKE_PEER_TOKEN"]:
            raise HTTPException(401, "Wrong key")

    app = FastAPI(dependencies=[Depends(known)])

    @app.post("/api/chat")
    def chat(request: ChatRequest) -> dict:
        return {"text": f"You said: {request.message}"}

    return app


def noting(app: ASGIApp) -> ASGIApp:
    """Notes every question. A middleware of FastAPI's own would end an answer properly that breaks off."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or "/api/" not in scope["path"]:
            return await app(scope, receive, send)
        body = await Request(scope, receive).body()
        ASKED.append((scope["path"], json.loads(body) if body else None))
        asked = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return asked.pop() if asked else await receive()

        return await app(scope, again, send)

    return serve


def build() -> ASGIApp:
    app = FastAPI()
    login, db = login_backend()
    conversations = sqlite3.connect(":memory:", check_same_thread=False)
    conversations.execute("create table conversations (id text primary key, messages integer, expires_at real)")

    @app.post("/debug/expire")
    def expire() -> None:
        db.execute("update sessions set expires_at = 0")
        conversations.execute("update conversations set expires_at = 0")

    @app.get("/debug/asked")
    def asked() -> list:
        return ASKED

    stream = "/api/chat/stream"
    for path, backend in {
        "/json": json_backend(),
        "/sse": streaming(stream, plain_tokens),
        "/tokens": streaming(stream, json_tokens),
        "/login": login,
        "/sessions": session_backend(conversations, (404, "Session not found")),
        "/sessions-stream": session_backend(conversations, (410, "Gone"), streams=True),
        "/sessions-422": session_backend(conversations, (422, "Unknown or expired session")),
        "/sessions-401": session_backend(conversations, (401, "Session expired")),
        "/models": models_backend(),
        "/odd": odd_backend(),
        "/odd-stream": streaming(stream, odd_tokens),
        "/strict": strict_backend(),
        "/refusing": refusing_backend(),
        "/keyed": keyed_backend(),
        "/silent": streaming(stream, no_tokens),
        "/error": streaming(stream, failing_tokens),
        "/cut": streaming(stream, cut_tokens),
    }.items():
        app.mount(path, backend)
    return noting(app)


if __name__ == "__main__":
    run(build())
