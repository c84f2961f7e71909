"""Files that come with messages: where the peer has them sent, and what came.

    PUT  /files/<id>   takes the bytes of a file that was announced; 413 for more than 64 MiB
    GET  /files/<id>   gives them back, to whoever may use the protocol

A file whose name begins with `slow` is taken as far as its first piece, and the rest once the gate `files` is open.
"""

import hashlib
from collections.abc import Callable

from chatkit import types
from chatkit.store import AttachmentStore, NotFoundError
from chatkit.types import AttachmentCreateParams, FileAttachment, ImageAttachment
from memory_store import MemoryStore
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

LARGEST = 64 * 1024 * 1024


def awaited(url: str) -> dict:
    """What an announced file waits for, in the form of this SDK: before 1.5 there was an address and nothing else."""
    descriptor = getattr(types, "AttachmentUploadDescriptor", None)
    return {"upload_url": url} if descriptor is None else {"upload_descriptor": descriptor(url=url, method="PUT")}


class Files(AttachmentStore):
    """Names of files are kept with the threads, their bytes here."""

    def __init__(self, store: MemoryStore, gates, accepts: Callable[[str], bool]) -> None:
        self.store, self.gates, self.accepts = store, gates, accepts
        self.bytes: dict[str, bytes] = {}
        self.deleted: list[str] = []

    async def create_attachment(self, input: AttachmentCreateParams, context):
        id = self.generate_attachment_id(input.mime_type, context)
        url = f"{context.base}files/{id}"
        fields = {"id": id, "name": input.name, "mime_type": input.mime_type, **awaited(url)}
        if input.mime_type.startswith("image/"):
            return ImageAttachment(preview_url=url, **fields)
        return FileAttachment(**fields)

    async def delete_attachment(self, attachment_id: str, context) -> None:
        self.bytes.pop(attachment_id, None)
        self.deleted.append(attachment_id)

    async def put(self, request: Request) -> Response:
        id = request.path_params["id"]
        try:
            name = (await self.store.load_attachment(id, None)).name
        except NotFoundError as error:
            return JSONResponse({"detail": str(error)}, status_code=404)
        came = bytearray()
        try:
            async for piece in request.stream():
                came += piece
                if len(came) > LARGEST:
                    return JSONResponse({"detail": "Too large"}, status_code=413)
                if name.startswith("slow") and came:
                    await self.gates.passed("files")
        except ClientDisconnect:
            return Response(status_code=400)
        self.bytes[id] = bytes(came)
        return Response(status_code=200)

    async def get(self, request: Request) -> Response:
        if not self.accepts(request.headers.get("authorization", "").removeprefix("Bearer ")):
            return JSONResponse({"detail": "Not authenticated"}, status_code=401)
        found = self.bytes.get(request.path_params["id"])
        return Response(status_code=404) if found is None else Response(found, media_type="application/octet-stream")

    def routes(self) -> list[Route]:
        return [Route("/files/{id}", self.put, methods=["PUT", "POST"]), Route("/files/{id}", self.get)]

    def dump(self) -> dict:
        """What came and was not deleted, by the id of each file, and what was deleted."""
        came = {id: {"size": len(it), "sha256": hashlib.sha256(it).hexdigest()} for id, it in self.bytes.items()}
        return {"files": came, "deleted_files": self.deleted}
