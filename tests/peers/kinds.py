"""The items and events that `script.py` and `acts.py` have nothing of, each as one command.

    /fill N          N answers in one turn
    /task            a task that stands alone
    /steps           a workflow with a task of each type
    /image           a picture that comes in two steps (SDK 1.4.1)
    /effect          something for the program around the conversation (SDK 1.2)
    /replace         an answer that becomes a card in its place
    /remove          an answer that is taken away again, and one that stays
    /stream          a card whose text is written piece by piece, and which is then changed as a whole
    /end             two answers with an end of turn between
    /hidden          something that only the model sees
    /entity          an answer that rests on an entity
    /close TEXT      closes the conversation, TEXT is the reason
"""

from datetime import datetime

from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageItem,
    ClosedStatus,
    CustomSummary,
    CustomTask,
    EndOfTurnItem,
    EntitySource,
    FileSource,
    FileTask,
    HiddenContextItem,
    ImageTask,
    SearchTask,
    TaskItem,
    ThoughtTask,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    URLSource,
    WidgetItem,
    WidgetRootUpdated,
    WidgetStreamingTextValueDelta,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)
from chatkit.widgets import Card, Text
from sdk import ThreadItemUpdatedEvent, newer

PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="


def item_of(act, kind, sort: str = "message", **fields):
    name = act.store.generate_item_id(sort, act.thread, act.context)
    return kind(id=name, thread_id=act.thread.id, created_at=datetime.now(), **fields)


def answer_of(act, text: str, annotations=()):
    content = [AssistantMessageContent(text=text, annotations=list(annotations))]
    return item_of(act, AssistantMessageItem, content=content)


async def fill(act):
    for number in range(1, int(act.rest) + 1):
        yield ThreadItemDoneEvent(item=answer_of(act, f"Line {number}"))


async def task(act):
    yield ThreadItemDoneEvent(item=item_of(act, TaskItem, "task", task=CustomTask(title="Looked", content="It was there.")))


async def steps(act):
    page = URLSource(title="A page", url="https://example.com/page")
    tasks = [
        SearchTask(title="Searched", queries=["kittiwake"], sources=[page]),
        ThoughtTask(content="So that is it."),
        FileTask(title="Read", sources=[FileSource(title="A file", filename="birds.pdf")]),
        ImageTask(title="Drew"),
        CustomTask(title="Done"),
    ]
    item = item_of(act, WorkflowItem, "workflow", workflow=Workflow(type="custom", tasks=[]))
    yield ThreadItemAddedEvent(item=item)
    for place, one in enumerate(tasks):
        yield ThreadItemUpdatedEvent(item_id=item.id, update=WorkflowTaskAdded(task_index=place, task=one))
    last = CustomTask(title="All done", status_indicator="complete")
    yield ThreadItemUpdatedEvent(item_id=item.id, update=WorkflowTaskUpdated(task_index=4, task=last))
    whole = Workflow(type="custom", tasks=[*tasks[:4], last], summary=CustomSummary(title="Five steps"))
    yield ThreadItemDoneEvent(item=item.model_copy(update={"workflow": whole}))


async def image(act):
    kind, picture, updated = newer("GeneratedImageItem", "GeneratedImage", "GeneratedImageUpdated")
    item = item_of(act, kind)
    yield ThreadItemAddedEvent(item=item)
    drawn = picture(id="image_1", url=PIXEL)
    yield ThreadItemUpdatedEvent(item_id=item.id, update=updated(image=drawn, progress=0.5))
    yield ThreadItemDoneEvent(item=item.model_copy(update={"image": drawn}))


async def effect(act):
    (event,) = newer("ClientEffectEvent")
    yield event(name="set_theme", data={"theme": "dark"})
    yield ThreadItemDoneEvent(item=answer_of(act, "Look around you."))


async def replace(act):
    item = answer_of(act, "A draft.")
    yield ThreadItemDoneEvent(item=item)
    fields = {"id": item.id, "thread_id": item.thread_id, "created_at": item.created_at}
    yield ThreadItemReplacedEvent(item=WidgetItem(**fields, widget=Card(children=[Text(value="The card")])))


async def remove(act):
    gone = answer_of(act, "Never mind.")
    yield ThreadItemDoneEvent(item=gone)
    yield ThreadItemDoneEvent(item=answer_of(act, "What stays."))
    yield ThreadItemRemovedEvent(item_id=gone.id)


async def stream(act):
    def card(value: str, streaming: bool) -> Card:
        return Card(children=[Text(id="text", value=value, streaming=streaming)])

    item = item_of(act, WidgetItem, widget=card("", True))
    yield ThreadItemAddedEvent(item=item)
    for delta in ("Piece ", "by piece"):
        grows = WidgetStreamingTextValueDelta(component_id="text", delta=delta, done=False)
        yield ThreadItemUpdatedEvent(item_id=item.id, update=grows)
    whole = card("Piece by piece, and whole", False)
    yield ThreadItemUpdatedEvent(item_id=item.id, update=WidgetRootUpdated(widget=whole))
    yield ThreadItemDoneEvent(item=item.model_copy(update={"widget": whole}))


async def end(act):
    yield ThreadItemDoneEvent(item=answer_of(act, "First."))
    yield ThreadItemDoneEvent(item=item_of(act, EndOfTurnItem))
    yield ThreadItemDoneEvent(item=answer_of(act, "Second."))


async def hidden(act):
    yield ThreadItemDoneEvent(item=item_of(act, HiddenContextItem, content="for the model alone"))
    yield ThreadItemDoneEvent(item=answer_of(act, "Nothing to see."))


async def entity(act):
    person = EntitySource(id="ada", title="Ada Lovelace", description="Wrote the first program")
    yield ThreadItemDoneEvent(item=answer_of(act, "Ada did.", [Annotation(source=person, index=3)]))


async def close(act):
    act.thread.status = ClosedStatus(reason=act.rest or None)
    yield ThreadItemDoneEvent(item=answer_of(act, "Closed."))


COMMANDS = {
    "/fill": fill, "/task": task, "/steps": steps, "/image": image, "/effect": effect, "/replace": replace,
    "/remove": remove, "/stream": stream, "/end": end, "/hidden": hidden, "/entity": entity, "/close": close,
}  # fmt: skip
