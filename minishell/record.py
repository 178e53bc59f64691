"""`@record`: a frozen dataclass in a few lines, for the rooms that every start imports.

Same look and same types for the checker as `@dataclass(frozen=True)`; importing `dataclasses` would add
10 ms to each start of the shell, and each dataclass 1 ms more.  A record made of another one, as its subclass, has
that one's fields too.  A field called `span` does not count when two records are compared: where something was typed
does not change what it is.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar, dataclass_transform

    Class = TypeVar("Class", bound=type)
    Record = TypeVar("Record")
else:

    def dataclass_transform(**_):
        return lambda decorator: decorator


@dataclass_transform(frozen_default=True)
def record(cls: Class) -> Class:
    """Give `cls` a constructor, equality, a hash and a `repr` made from its annotated fields."""
    names = (*getattr(cls, "__match_args__", ()), *cls.__annotations__)
    defaults = {name: getattr(cls, name) for name in names if hasattr(cls, name)}
    compared = tuple(name for name in names if name != "span")

    def __init__(self: object, *values: object, **named: object) -> None:
        fields = self.__dict__
        if len(values) == len(names) and not named:  # the usual way, and three times as fast
            for name, value in zip(names, values):  # noqa: B905 - they are as many; asking again takes half as long as all this
                fields[name] = value
            return
        fields.update(defaults)
        if values:
            fields.update(zip(names, values, strict=False))
        fields.update(named)
        if len(fields) != len(names) or len(values) > len(names):
            raise TypeError(f"{cls.__name__} takes {', '.join(names)}")

    def key(self: object) -> tuple[object, ...]:
        return tuple([self.__dict__[name] for name in compared])

    def __eq__(self: object, other: object) -> bool:
        return type(self) is type(other) and key(self) == key(other)

    def __hash__(self: object) -> int:
        return hash((cls, key(self)))

    def __repr__(self: object) -> str:
        return f"{cls.__name__}({', '.join(f'{name}={self.__dict__[name]!r}' for name in compared)})"

    def __setattr__(self: object, name: str, value: object) -> None:
        raise AttributeError(f"a {cls.__name__} does not change: make a new one")

    for method in (__init__, __eq__, __hash__, __repr__, __setattr__):
        setattr(cls, method.__name__, method)
    cls.__match_args__ = names  # type: ignore[attr-defined,misc]
    return cls


def replace(one: Record, **different: object) -> Record:
    """A copy of a record in which these fields are different, as `dataclasses.replace` makes it of a dataclass."""
    copy = object.__new__(type(one))
    copy.__dict__.update(one.__dict__)
    copy.__dict__.update(different)
    return copy
