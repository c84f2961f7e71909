"""Chat backends that take files, or make one mistake with them; `mistakes_answer.py` mounts each below a path that names it.

    /files              POST /api/upload takes a file
    /files-large        413, /files-type 415, /files-none 501; /files-missing has nothing at the path
    /chatkit-put        a ChatKit endpoint at /chatkit whose files go to a storage with PUT, /chatkit-post with POST; with
                        /chatkit-old the answer is in the form that servers had before SDK 1.5
    /chatkit-direct     a ChatKit endpoint beside which POST /upload takes files, as the settings say; with a status behind it,
                        as in /chatkit-direct-413, that is what it answers, and 401 without a token
    /chatkit-large      the storage says 413; /chatkit-none says 501 where a file is announced
"""

import json
import re
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

AT = "2026-11-21T09:00:00Z"
EVENTS = "text/event-stream"
PART = re.compile(
    rb'--(?P<b>[^\r]+)\r\nContent-Disposition: form-data; name="file"; filename="(?P<name>[^"]*)"\r\n'
    rb"Content-Type: (?P<type>[^\r]+)\r\n\r\n(?P<bytes>.*)\r\n--(?P=b)--\r\n",
    re.DOTALL,
)


class Files:
    """What came, and what was forgotten again."""

    def __init__(self) -> None:
        self.came: list[dict] = []
        self.deleted: list[str] = []

    async def take(self, request: Request) -> None:
        body = await request.body()
        name, kind = "", request.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            part = PART.fullmatch(body)
            if part is None or part["b"].decode() not in kind:
                raise HTTPException(422, "That is no form")
            name, kind, body = part["name"].decode(), part["type"].decode(), part["bytes"]
        signed = "authorization" in request.headers
        self.came.append({"name": name, "type": kind, "text": body.decode(), "signed": signed})


def talks(app: FastAPI) -> FastAPI:
    @app.post("/api/chat/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(iter(["data: Good\n\n", "data:  day.\n\n", "data: [DONE]\n\n"]), media_type=EVENTS)

    return app


def own(files: Files, status: int = 200) -> FastAPI:
    app = talks(FastAPI())

    @app.post("/api/upload")
    async def upload(request: Request) -> dict:
        if status != 200:
            raise HTTPException(status, "Not this file")
        await files.take(request)
        return {"id": "file-1"}

    return app


def hello() -> list[dict]:
    item = {"id": "msg_1", "thread_id": "thr_1", "created_at": AT, "type": "assistant_message"}
    content = [{"type": "output_text", "text": "Good day.", "annotations": []}]
    thread = {"id": "thr_1", "created_at": AT, "status": {"type": "active"}, "metadata": {}}
    return [
        {"type": "thread.created", "thread": thread | {"items": {"data": [], "has_more": False}}},
        {"type": "thread.item.done", "item": item | {"content": content}},
    ]


def chatkit(files: Files, form: str, stored: int = 200, announced: int = 200) -> FastAPI:
    app = FastAPI()

    def awaited(request: Request, params: dict) -> dict:
        url = str(request.url).removesuffix("/chatkit") + "/store/1"
        attachment = {"type": "file", "id": "atc_1", "name": params["name"], "mime_type": params["mime_type"]}
        if form == "old":
            return attachment | {"upload_url": url}
        headers = {"X-Storage": "1"} | ({"Content-Type": params["mime_type"]} if form == "PUT" else {})
        return attachment | {"upload_descriptor": {"url": url, "method": form, "headers": headers}}

    @app.post("/chatkit", response_model=None)
    async def endpoint(request: Request) -> Response | dict:
        asked: dict[str, Any] = await request.json()
        match asked["type"]:
            case "threads.list":
                return {"data": [], "has_more": False}
            case "threads.create":
                lines = (f"data: {json.dumps(event)}\n\n" for event in hello())
                return StreamingResponse(lines, media_type=EVENTS)
            case "attachments.create" if announced == 200:
                return awaited(request, asked["params"])
            case "attachments.create":
                return JSONResponse({"detail": "No files here"}, announced)
            case "attachments.delete":
                files.deleted.append(asked["params"]["attachment_id"])
        return {}

    @app.api_route("/store/1", methods=["PUT"] if form == "PUT" else ["POST"])
    async def store(request: Request) -> Response:
        if stored == 200 and (form == "old" or request.headers.get("x-storage") == "1"):
            await files.take(request)
        return Response(status_code=stored)

    return app


def direct(files: Files, status: int = 200) -> FastAPI:
    app = chatkit(files, "none")

    @app.post("/upload")
    async def upload(request: Request) -> dict:
        if status != 200 or "authorization" not in request.headers:
            raise HTTPException(401 if status == 200 else status, "Not this file")
        await files.take(request)
        return {"id": "atc_direct", "type": "file", "metadata": None}

    return app


def backends(files: Files) -> dict[str, FastAPI]:
    return {
        "/files": own(files),
        "/files-large": own(files, 413),
        "/files-type": own(files, 415),
        "/files-none": own(files, 501),
        "/files-missing": talks(FastAPI()),
        "/chatkit-put": chatkit(files, "PUT"),
        "/chatkit-post": chatkit(files, "POST"),
        "/chatkit-old": chatkit(files, "old"),
        "/chatkit-direct": direct(files),
        **{f"/chatkit-direct-{status}": direct(files, status) for status in (401, 413, 501)},
        "/chatkit-large": chatkit(files, "PUT", stored=413),
        "/chatkit-none": chatkit(files, "PUT", announced=501),
    }
