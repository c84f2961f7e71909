"""A chat backend over WebSockets, as tutorials for FastAPI write it: one socket for each conversation, JSON messages.

    KITTIWAKE_PEER_TOKEN=… python ws_server.py [PORT]

    WS   /ws/chat/<session>       {"type": "message", "text": …}; wants the token, or a secret of `/api/sessions`
    WS   /rooms/<session>/talk    the same at another path
                                  -> {"type": "response", "text": "You said …"}, whole, or by the first word of the text:
                                  `tokens`  in pieces: {"type": "token", "text": …} …, then {"type": "done"}
                                  `words …` the rest of the text word by word, then {"type": "done"}
                                  `cut`     two pieces, and the server's own code fails, which cuts the connection
                                  `close N` two pieces, and it is closed with the code N
                                  `silent`  two pieces, and nothing more
                                  `count`   how many messages this socket has brought
                                  `where`   the path of this socket
                                  `plain`   plain text, no JSON
                                  `odd`     an object whose text is at /reply/body; `odd N`, typed as N
                                  `error`   {"type": "error", "message": …}
                                  `named`   with the model's name and what it used, after a piece and an aside
    GET  /health                  {"ok": true}
    POST /api/sessions            {"client_secret": …, "expires_at": …}; wants the token
    POST /debug/expire            no secret lives any more
    POST /debug/stall             `tokens` stops after two pieces, until the server is started anew
    GET  /debug/sockets           {"open": now, "most": at the same time, "made": ever, "refused": …, "codes": [of each end]}
"""

import os
import re
import secrets
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

from chatkit_server import run
from fastapi import Depends, FastAPI, Header, HTTPException, WebSocket, WebSocketDisconnect
from script import Scripted


class Sockets:
    """The sockets that are open, and what became of the others."""

    def __init__(self) -> None:
        self.open = 0
        self.most = 0
        self.made = 0
        self.refused = 0
        self.codes: list[int] = []
        self.stalls = False

    async def accept(self, socket: WebSocket) -> None:
        await socket.accept()
        self.open += 1
        self.made += 1
        self.most = max(self.most, self.open)

    def leave(self, code: int) -> None:
        self.open -= 1
        self.codes.append(code)


async def odd(socket: WebSocket, word: str, rest: str) -> None:
    """Answers in another form than usual."""
    if word == "plain":
        await socket.send_text("Plain words, no JSON.")
    elif word == "odd":
        kind = {"type": rest} if rest else {}
        await socket.send_json(kind | {"id": "run-7", "reply": {"body": "You said something odd.", "tokens": 5}})
    elif word == "error":
        await socket.send_json({"type": "error", "message": "The model is out of memory"})
    else:
        await socket.send_json({"type": "status", "text": "Thinking"})
        await socket.send_json({"type": "token", "text": "Named."})
        usage = {"prompt_tokens": 11, "completion_tokens": 2}
        await socket.send_json({"type": "done", "model": "gull-1", "usage": usage})


async def answer(socket: WebSocket, text: str, count: int, *, stalls: bool) -> bool:
    """Answers a message. Whether the socket stays open."""
    word, _, rest = text.partition(" ")
    if word in ("plain", "odd", "error", "named"):
        await odd(socket, word, rest)
        return True
    if word == "where":
        await socket.send_json({"type": "response", "text": f"You are at {socket.url.path}"})
        return True
    if word == "count":
        await socket.send_json({"type": "response", "text": f"You said {count} things."})
        return True
    if word == "words":
        for token in re.findall(r" ?[^ ]+", rest):
            await socket.send_json({"type": "token", "text": token})
        await socket.send_json({"type": "done"})
        return True
    if word not in ("tokens", "cut", "close", "silent"):
        await socket.send_json({"type": "response", "text": f"You said {text}"})
        return True
    for token in ("One", " two"):
        await socket.send_json({"type": "token", "text": token})
    if word == "tokens" and not stalls:
        await socket.send_json({"type": "token", "text": " three."})
        await socket.send_json({"type": "done"})
    elif word == "cut":
        raise Scripted
    elif word == "close":
        await socket.close(code=int(rest), reason="as you wish")
        return False
    return True


def build(token: str) -> FastAPI:
    app = FastAPI()
    sockets = Sockets()
    given: set[str] = set()

    def signed_in(authorization: Annotated[str, Header()] = "") -> None:
        if not secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(status_code=401, detail="Who are you?")

    def let_in(authorization: Annotated[str, Header()] = "") -> None:
        if authorization.removeprefix("Bearer ") not in given | {token}:
            sockets.refused += 1
            raise HTTPException(status_code=401, detail="Who are you?")

    @app.websocket("/ws/chat/{session}", dependencies=[Depends(let_in)])
    @app.websocket("/rooms/{session}/talk", dependencies=[Depends(let_in)])
    async def chat(socket: WebSocket, session: str) -> None:
        await sockets.accept(socket)
        count, code = 0, 1006
        try:
            while True:
                message = await socket.receive_json()
                count += 1
                if not await answer(socket, message["text"], count, stalls=sockets.stalls):
                    code = int(message["text"].split()[1])
                    return
        except WebSocketDisconnect as end:
            code = end.code
        finally:
            sockets.leave(code)

    @app.get("/health")
    def health() -> dict:
        return {"ok": True}

    @app.post("/api/sessions", dependencies=[Depends(signed_in)])
    def session() -> dict:
        secret = f"ek_{secrets.token_urlsafe(24)}"
        given.add(secret)
        expires_at = datetime.now(UTC) + timedelta(minutes=10)
        return {"client_secret": secret, "expires_at": expires_at.isoformat()}

    @app.post("/debug/expire")
    def expire() -> None:
        given.clear()

    @app.post("/debug/stall")
    def stall() -> None:
        sockets.stalls = True

    @app.get("/debug/sockets")
    def count() -> dict:
        return vars(sockets)

    return app


if __name__ == "__main__":
    token = os.environ.get("KITTIWAKE_PEER_TOKEN")
    if not token:
        sys.exit("set KITTIWAKE_PEER_TOKEN to the bearer token that clients must send")
    run(build(token))
