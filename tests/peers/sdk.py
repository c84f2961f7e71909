"""What the SDK has that is installed: servers in the field run every version since 1.0, and so does the peer."""

from importlib.metadata import version

from chatkit import types

VERSION = version("openai-chatkit")

ThreadItemUpdatedEvent = getattr(types, "ThreadItemUpdatedEvent", None) or types.ThreadItemUpdated
"""Called otherwise before 1.2."""


class Missing(Exception):
    """The script asked for what this version does not have."""


def newer(*names: str) -> list[type]:
    """Classes that not every version has."""
    missing = [name for name in names if not hasattr(types, name)]
    if missing:
        raise Missing(f"SDK {VERSION} has no {', '.join(missing)}.")
    return [getattr(types, name) for name in names]


def is_a(item: object, name: str) -> bool:
    """Whether something is of a class that not every version has."""
    kind = getattr(types, name, None)
    return kind is not None and isinstance(item, kind)
