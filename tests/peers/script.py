"""What the peer answers: the person's message is the script.

    /say TEXT        TEXT, word by word
    /long N [MS]     N words, MS milliseconds between them (default 0)
    /slow MS         silence for MS milliseconds, then a short answer
    /gate NAME       one word, then silence until the gate NAME is opened, then the rest
    /crash           fails in the middle of the answer with an exception that the SDK turns into an error
    /error TEXT      fails with TEXT as the message for the person, no retry; `/error! TEXT` allows one
    /tell-token      fails with a message that quotes the token of the request, as it is and escaped
    /drop            cuts the connection in the middle of the answer
    /title TEXT      sets the conversation's title and says so
    /lock TEXT       locks the conversation, TEXT is the reason
    /empty           no answer at all
    /huge N          one answer of N characters in a single event
    /markdown        one of everything that Markdown has
    /sources         an answer with a web source and a file source
    /widget          a card with a text in it
    /workflow        reasoning in two steps, then an answer
    /progress        a status line and a notice, then an answer
    /unnamed         one `done` without the item having been announced
    /form, /chart, /count, /ask, /tool NAME JSON    see `acts.py`
    /fill, /task, /steps, /image, …                 see `kinds.py`
    anything else    an echo
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import quote

import acts
import kinds
from chatkit.errors import CustomStreamError
from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    DurationSummary,
    FileSource,
    LockedStatus,
    NoticeEvent,
    ProgressUpdateEvent,
    ThoughtTask,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadStreamEvent,
    URLSource,
    UserMessageItem,
    WidgetItem,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
)
from chatkit.widgets import Card, Text
from sdk import Missing, ThreadItemUpdatedEvent

MARKDOWN = """# A heading

Some *emphasis*, some **importance**, ~~a mistake~~ and `code`, with [a link](https://example.com/a?b=c).

- one
- two
  1. deep
  2. deeper
- [x] done

> A quotation
> of two lines.

| name | weight |
|:-----|-------:|
| tern |  110 g |
| kittiwake | 390 g |

```rust
fn main() {
    println!("{}", "a string with \\" in it");
}
```

Euler's $e^{i\\pi} + 1 = 0$, and <b>HTML stays text</b>.
"""


class Scripted(Exception):
    """A failure that the script asked for: nothing to report."""


class Gates:
    """Named points at which an answer waits until a test lets it go on. Opened once, a gate stays open."""

    def __init__(self) -> None:
        self._gates: dict[str, asyncio.Event] = {}
        self._waiting: list[str] = []

    def open(self, name: str) -> None:
        self._gates.setdefault(name, asyncio.Event()).set()

    def waiting(self) -> list[str]:
        """The names of the gates at which an answer stands now."""
        return sorted(self._waiting)

    async def passed(self, name: str) -> None:
        self._waiting.append(name)
        try:
            await self._gates.setdefault(name, asyncio.Event()).wait()
        finally:
            self._waiting.remove(name)


class Message:
    """One assistant message, told as the events of its life."""

    def __init__(self, store, thread, context) -> None:
        self.text = ""
        self.item = AssistantMessageItem(
            id=store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),
            content=[],
        )

    def begin(self) -> list[ThreadStreamEvent]:
        part = AssistantMessageContentPartAdded(content_index=0, content=AssistantMessageContent(text=""))
        return [ThreadItemAddedEvent(item=self.item), self._update(part)]

    def say(self, delta: str) -> ThreadStreamEvent:
        self.text += delta
        return self._update(AssistantMessageContentPartTextDelta(content_index=0, delta=delta))

    def end(self, annotations: list[Annotation] | None = None) -> list[ThreadStreamEvent]:
        content = AssistantMessageContent(text=self.text, annotations=annotations or [])
        done = AssistantMessageContentPartDone(content_index=0, content=content)
        return [self._update(done), ThreadItemDoneEvent(item=self.item.model_copy(update={"content": [content]}))]

    def _update(self, update) -> ThreadStreamEvent:
        return ThreadItemUpdatedEvent(item_id=self.item.id, update=update)


def words_of(text: str) -> list[str]:
    """The text cut after each run of blanks, so that the pieces join to the text again."""
    pieces: list[str] = []
    for word in text.split(" "):
        pieces.append(word + " ")
    pieces[-1] = pieces[-1][:-1]
    return [piece for piece in pieces if piece]


def text_of(message: UserMessageItem | None) -> str:
    return "" if message is None else "".join(part.text for part in message.content).strip()


async def answer(store, gates: Gates, thread, message, context) -> AsyncIterator[ThreadStreamEvent]:
    """The events of one turn."""
    # Without a message the person has answered what was asked of them.
    text = f"/say {await acts.came_of_it(store, thread, context)}" if message is None else text_of(message)
    command, _, rest = text.partition(" ")
    if thread.title is None:
        thread.title = text[:60] or None
    simple = {
        "/say": lambda: (words_of(rest), 0.0),
        "/long": lambda: long_answer(rest),
        "/huge": lambda: (["x" * int(rest)], 0.0),
        "/markdown": lambda: (words_of(MARKDOWN), 0.0),
    }
    on_command = {
        "/slow": slow, "/gate": gate, "/crash": crash, "/error": refuse, "/error!": refuse, "/drop": drop,
        "/tell-token": tell_token,
        "/title": title, "/lock": lock, "/empty": nothing, "/sources": sources, "/widget": widget,
        "/workflow": workflow, "/progress": progress, "/unnamed": unnamed,
        "/form": acts.show_form, "/chart": acts.show_chart, "/count": acts.show_counter, "/ask": acts.ask, "/tool": acts.call,
        **kinds.COMMANDS,
    }  # fmt: skip
    said = Message(store, thread, context)
    if command in on_command:
        events = on_command[command](Act(said, thread, command, rest, gates, context, store))
    else:
        pieces, pause = simple[command]() if command in simple else (words_of(f"You said: {text}"), 0.0)
        events = whole(said, pieces, pause)
    try:
        async for event in events:
            yield event
    except Missing as missing:
        raise CustomStreamError(str(missing), allow_retry=False) from missing


class Act:
    """What the commands below have in their hands."""

    def __init__(self, said: Message, thread, command: str, rest: str, gates: Gates, context, store) -> None:
        self.said, self.thread, self.command, self.rest = said, thread, command, rest
        self.gates, self.context, self.store = gates, context, store


def long_answer(rest: str) -> tuple[list[str], float]:
    count, _, pause = rest.partition(" ")
    return [f"word{number} " for number in range(1, int(count) + 1)], int(pause or 0) / 1000


async def whole(said: Message, pieces: list[str], pause: float = 0.0, annotations: list[Annotation] | None = None):
    for event in said.begin():
        yield event
    for piece in pieces:
        yield said.say(piece)
        await asyncio.sleep(pause)
    for event in said.end(annotations):
        yield event


async def slow(act: Act):
    await asyncio.sleep(int(act.rest or 1000) / 1000)
    async for event in whole(act.said, ["It ", "took ", "a while."]):
        yield event


async def gate(act: Act):
    for event in act.said.begin():
        yield event
    yield act.said.say("Before ")
    await act.gates.passed(act.rest)
    yield act.said.say("and after.")
    for event in act.said.end():
        yield event


async def half(act: Act):
    for event in act.said.begin():
        yield event
    for piece in ["Half ", "an ", "answer"]:
        yield act.said.say(piece)


async def crash(act: Act):
    async for event in half(act):
        yield event
    raise Scripted("the script told me to")


async def refuse(act: Act):
    async for event in half(act):
        yield event
    raise CustomStreamError(act.rest or "The peer refuses.", allow_retry=act.command.endswith("!"))


async def tell_token(act: Act):
    async for event in half(act):
        yield event
    raise CustomStreamError(f"The token was {told(act.context.bearer)}", allow_retry=True)


def told(secret: str) -> str:
    """A secret as careless servers quote it."""
    return " ".join([secret, quote(secret, safe=""), json.dumps(secret), b64encode(secret.encode()).decode()])


async def drop(act: Act):
    async for event in half(act):
        yield event
    act.context.drop = True
    yield act.said.say("never seen")


async def title(act: Act):
    act.thread.title = act.rest
    async for event in whole(act.said, words_of(f"This is now called {act.rest}.")):
        yield event


async def lock(act: Act):
    act.thread.status = LockedStatus(reason=act.rest or None)
    async for event in whole(act.said, ["Locked."]):
        yield event


async def nothing(_: Act):
    for event in ():
        yield event


async def sources(act: Act):
    page = URLSource(title="A page", url="https://example.com/page", attribution="example.com")
    file = FileSource(title="A file", filename="report.pdf")
    annotations = [Annotation(source=page, index=5), Annotation(source=file)]
    async for event in whole(act.said, ["Quoted ", "from ", "elsewhere."], annotations=annotations):
        yield event


async def widget(act: Act):
    card = Card(children=[Text(value="A card says hello")])
    item = WidgetItem(
        id=act.said.item.id,
        thread_id=act.thread.id,
        created_at=datetime.now(),
        widget=card,
        copy_text="A card says hello",
    )
    yield ThreadItemDoneEvent(item=item)


async def workflow(act: Act):
    item = WorkflowItem(
        id=act.store.generate_item_id("workflow", act.thread, act.context),
        thread_id=act.thread.id,
        created_at=datetime.now(),
        workflow=Workflow(type="reasoning", tasks=[]),
    )
    tasks = [ThoughtTask(content="First this."), ThoughtTask(content="Then that.")]
    yield ThreadItemAddedEvent(item=item)
    for place, task in enumerate(tasks):
        yield ThreadItemUpdatedEvent(item_id=item.id, update=WorkflowTaskAdded(task_index=place, task=task))
    done = Workflow(type="reasoning", tasks=tasks, summary=DurationSummary(duration=2))
    yield ThreadItemDoneEvent(item=item.model_copy(update={"workflow": done}))
    async for event in whole(act.said, ["Thought ", "about."]):
        yield event


async def progress(act: Act):
    yield ProgressUpdateEvent(icon="search", text="Looking it up")
    yield NoticeEvent(level="info", title="A notice", message="This peer is **only** for tests.")
    async for event in whole(act.said, ["Found."]):
        yield event


async def unnamed(act: Act):
    content = AssistantMessageContent(text="All at once.")
    yield ThreadItemDoneEvent(item=act.said.item.model_copy(update={"content": [content]}))
