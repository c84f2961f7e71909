"""What the peer asks back: forms, questions, calls of tools, and what comes of them.

    /form            a card with a form; *Order* has the card replaced by what was filled in
    /chart           a chart of bars and a line
    /count           a card with a button that counts, answered at once
    /ask             questions in place of the message field
    /tool NAME JSON  calls a tool of the client with these arguments
"""

import json
from datetime import datetime

from chatkit.actions import ActionConfig
from chatkit.types import (
    ClientToolCallItem,
    ThreadItemDoneEvent,
    ThreadItemReplacedEvent,
    WidgetItem,
)
from chatkit.widgets import (
    BarSeries,
    Button,
    Card,
    Chart,
    Checkbox,
    Input,
    Label,
    LineSeries,
    Row,
    Select,
    SelectOption,
    Text,
    Title,
)
from sdk import is_a, newer


def form() -> Card:
    sizes = [SelectOption(value=size, label=size.title()) for size in ("small", "large")]
    return Card(
        asForm=True,
        children=[
            Title(value="Order a bird box", size="sm"),
            Label(value="For whom", fieldName="order.name"),
            Input(name="order.name", placeholder="A name", required=True),
            Label(value="Size", fieldName="order.size"),
            Select(name="order.size", options=sizes, defaultValue="small"),
            Checkbox(name="order.gift", label="It is a present"),
        ],
        confirm={"label": "Order", "action": ActionConfig(type="order")},
        cancel={"label": "Never mind", "action": ActionConfig(type="cancel")},
    )


def counter(count: int) -> Card:
    press = ActionConfig(type="count", payload={"count": count}, streaming=False)
    return Card(
        children=[Row(children=[Text(value=f"Counted to {count}"), Button(label="Count on", onClickAction=press)])]
    )


def item_of(act, kind, **fields):
    return kind(id=act.said.item.id, thread_id=act.thread.id, created_at=datetime.now(), **fields)


async def show_form(act):
    yield ThreadItemDoneEvent(item=item_of(act, WidgetItem, widget=form()))


async def show_chart(act):
    days = [{"day": day, "seen": seen, "heard": seen / 2} for day, seen in (("Mon", 4), ("Tue", 9), ("Wed", 6))]
    series = [BarSeries(dataKey="seen", label="Seen"), LineSeries(dataKey="heard", label="Heard")]
    chart = Chart(data=days, series=series, xAxis="day", showYAxis=True, showLegend=True)
    yield ThreadItemDoneEvent(item=item_of(act, WidgetItem, widget=Card(children=[Title(value="Kittiwakes"), chart])))


async def show_counter(act):
    yield ThreadItemDoneEvent(item=item_of(act, WidgetItem, widget=counter(0)))


async def ask(act):
    item, choice, option, freeform = newer(
        "StructuredInputItem",
        "StructuredInputMultipleChoice",
        "StructuredInputMultipleChoiceOption",
        "StructuredInputFreeform",
    )
    birds = [option(value=bird) for bird in ("Tern", "Kittiwake", "Gannet")]
    inputs = [
        choice(id="bird", question="Which bird did you see?", options=birds),
        freeform(id="where", question="Where?", description="A place is enough."),
    ]
    yield ThreadItemDoneEvent(item=item_of(act, item, inputs=inputs))


async def call(act):
    name, _, arguments = act.rest.partition(" ")
    fields = {"call_id": f"call_{act.said.item.id}", "name": name, "arguments": json.loads(arguments or "{}")}
    yield ThreadItemDoneEvent(item=item_of(act, ClientToolCallItem, **fields))


async def came_of_it(store, thread, context) -> str:
    """What the peer says after an answer to what it asked."""
    items = await store.load_thread_items(thread.id, None, 1, "desc", context)
    match items.data:
        case [ClientToolCallItem() as item]:
            return f"The tool said {json.dumps(item.output)}."
        case [item] if is_a(item, "StructuredInputItem"):
            answers = [value for one in item.inputs for value in (one.answer.values if one.answer else [])]
            return f"You {item.status}: {', '.join(answers)}."
    return "Nothing was asked."


async def on_action(action, sender):
    """A press in a widget, answered by a stream."""
    if action.type == "order":
        order = action.payload["order"]
        gift = ", as a present" if order["gift"] else ""
        done = Card(children=[Text(value=f"Ordered a {order['size']} box for {order['name']}{gift}.")])
        yield ThreadItemReplacedEvent(item=sender.model_copy(update={"widget": done}))
    elif action.type == "count":
        # Before 1.6.2 a button could not say that it wants its answer at once.
        yield ThreadItemReplacedEvent(item=sender.model_copy(update={"widget": counter(action.payload["count"] + 1)}))
    elif action.type == "cancel":
        yield ThreadItemReplacedEvent(item=sender.model_copy(update={"widget": Card(children=[Text(value="Left.")])}))
    else:
        raise ValueError(f"nobody knows {action.type}")


def on_sync_action(action, sender):
    """The same, answered at once."""
    (response,) = newer("SyncCustomActionResponse")
    card = counter(action.payload["count"] + 1)
    return response(updated_item=sender.model_copy(update={"widget": card}))
