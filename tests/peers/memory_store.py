"""Threads and items in memory, for a peer that forgets everything when it ends."""

from typing import TypeVar

from chatkit.store import NotFoundError, Store
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata

T = TypeVar("T", ThreadItem, ThreadMetadata)


class MemoryStore(Store[object]):
    """Keeps copies, never the objects themselves: the SDK goes on changing those it hands in."""

    def __init__(self) -> None:
        self.threads: dict[str, ThreadMetadata] = {}
        self.items: dict[str, list[ThreadItem]] = {}
        self.deleted: set[str] = set()
        self.attachments: dict[str, Attachment] = {}

    async def load_thread(self, thread_id, context):
        if thread_id not in self.threads:
            raise NotFoundError(f"no thread {thread_id}")
        return self.threads[thread_id].model_copy(deep=True)

    async def save_thread(self, thread, context):
        # A title that is set at the end of a stream must not bring a deleted thread back.
        if thread.id in self.deleted:
            return
        self.threads[thread.id] = ThreadMetadata(**thread.model_dump(exclude={"items"}))
        self.items.setdefault(thread.id, [])

    async def delete_thread(self, thread_id, context):
        if self.threads.pop(thread_id, None) is None:
            raise NotFoundError(f"no thread {thread_id}")
        self.items.pop(thread_id, None)
        self.deleted.add(thread_id)

    async def load_threads(self, limit, after, order, context):
        return self._page(list(self.threads.values()), limit, after, order)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        return self._page(self._items(thread_id), limit, after, order)

    async def add_thread_item(self, thread_id, item, context):
        await self.save_item(thread_id, item, context)

    async def save_item(self, thread_id, item, context):
        items = self._items(thread_id)
        copy = item.model_copy(deep=True)
        for place, known in enumerate(items):
            if known.id == item.id:
                items[place] = copy
                return
        items.append(copy)

    async def load_item(self, thread_id, item_id, context):
        for item in self._items(thread_id):
            if item.id == item_id:
                return item.model_copy(deep=True)
        raise NotFoundError(f"no item {item_id} in {thread_id}")

    async def delete_thread_item(self, thread_id, item_id, context):
        self.items[thread_id] = [item for item in self._items(thread_id) if item.id != item_id]

    async def save_attachment(self, attachment: Attachment, context):
        self.attachments[attachment.id] = attachment.model_copy(deep=True)

    async def load_attachment(self, attachment_id, context):
        if attachment_id not in self.attachments:
            raise NotFoundError(f"no attachment {attachment_id}")
        return self.attachments[attachment_id].model_copy(deep=True)

    async def delete_attachment(self, attachment_id, context):
        if self.attachments.pop(attachment_id, None) is None:
            raise NotFoundError(f"no attachment {attachment_id}")

    def dump(self) -> dict:
        """All that is stored, hidden items included, oldest first."""
        return {
            "threads": [
                {
                    **thread.model_dump(mode="json"),
                    "items": [item.model_dump(mode="json") for item in self.items.get(thread.id, [])],
                }
                for thread in self.threads.values()
            ]
        }

    def _items(self, thread_id: str) -> list[ThreadItem]:
        if thread_id not in self.items:
            raise NotFoundError(f"no thread {thread_id}")
        return self.items[thread_id]

    @staticmethod
    def _page(all_of_them: list[T], limit: int, after: str | None, order: str) -> Page[T]:
        ordered = list(reversed(all_of_them)) if order == "desc" else list(all_of_them)
        start = 0
        if after is not None:
            places = [place for place, one in enumerate(ordered) if one.id == after]
            if not places:
                raise NotFoundError(f"no cursor {after}")
            start = places[0] + 1
        data = [one.model_copy(deep=True) for one in ordered[start : start + limit]]
        more = start + limit < len(ordered)
        return Page(data=data, has_more=more, after=data[-1].id if more and data else None)
