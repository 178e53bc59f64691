"""Pages made of docstrings, as reStructuredText: the manual of the builtins, and the format of a trace."""

import inspect
import re

from minishell.builtins.registry import Builtin, catalogue
from minishell.trace.event import FIELDS, KINDS, Event, Exec, Exit, Fork, Pipe
from minishell.trace.sinks import dump

SPELT = {":": "colon", ".": "dot"}  # names that cannot be part of an address
QUOTED = re.compile(r"`([^`]+)`")
MARKUP = re.compile(r"([\\*_|])")


def manual() -> str:
    """One section for each builtin, in alphabetical order."""
    return "\n".join(map(entry, catalogue().values()))


def entry(builtin: Builtin) -> str:
    """The section of one builtin: its name, how it is called, and its docstring."""
    title = f"``{builtin.name}``"
    anchor = f".. _builtin-{SPELT.get(builtin.name, builtin.name)}:"
    usage = f".. code-block:: text\n\n   {builtin.usage}"
    return f"{anchor}\n\n{title}\n{'-' * len(title)}\n\n{usage}\n\n{prose(builtin.help)}\n"


TYPES = {
    "int": "number",
    "str": "text",
    "bool": "true or false",
    "int | None": "number or null",
    "tuple[str, ...]": "list of texts",
}
COMMON = FIELDS[Event]
EXAMPLE = (
    Pipe(
        time_ns=1000, pid=700, call="pipe2", cause="span 0-2: ls", read=4, write=5, object="pipe:[99]", cloexec=True
    ),
    Fork(time_ns=2000, pid=700, call="clone", cause="span 0-2: ls", child=701),
    Exec(time_ns=3000, end_ns=3900, pid=701, call="execve", cause="span 0-2: ls", path="/usr/bin/ls", argv=("ls",)),
    Exit(time_ns=4000, pid=701, cause="span 0-2: ls", code=0),
)


def trace_format() -> str:
    """One section for each kind of event: what it says, and its own fields with their types."""
    return "\n".join(map(kind_entry, KINDS.values()))


def kind_entry(kind: type[Event]) -> str:
    """The section of one kind."""
    title = f"``{kind.kind}``"
    own = "\n".join(f":{name}: {TYPES[type_]}" for name, type_ in FIELDS[kind].items() if name not in COMMON)
    return f".. _event-{kind.kind}:\n\n{title}\n{'-' * len(title)}\n\n{prose(kind.__doc__ or '')}\n\n{own}\n"


def trace_example() -> str:
    """The lines of a short trace."""
    return "\n".join(dump(EXAMPLE))


def prose(text: str) -> str:
    """A docstring as reStructuredText: `x` is literal, and nothing else is markup."""
    pieces = QUOTED.split(inspect.cleandoc(text))  # prose and quotations in turn
    return "".join(f"``{piece}``" if index % 2 else MARKUP.sub(r"\\\1", piece) for index, piece in enumerate(pieces))
