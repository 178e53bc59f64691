"""Pages made of docstrings, as reStructuredText: builtins, system calls, errors, and the format of a trace."""

import inspect
import re

from minishell import errors
from minishell.builtins.registry import Builtin, catalogue
from minishell.kernel.calls import Kernel
from minishell.trace.event import FIELDS, KINDS, Event, Exec, Exit, Fork, Pipe
from minishell.trace.sinks import dump

SPELT = {":": "colon", ".": "dot", "[": "bracket"}  # names that cannot be part of an address
QUOTED = re.compile(r"`([^`]+)`")
MARKUP = re.compile(r"([\\*_|])")


def manual() -> str:
    """One section for each builtin, in alphabetical order."""
    return "\n".join(map(entry, catalogue().values()))


def entry(builtin: Builtin) -> str:
    """The section of one builtin: its name, how it is called, and its docstring."""
    return section("builtin", builtin.name, f"{literal(builtin.usage)}\n\n{prose(builtin.help)}")


def section(kind: str, name: str, text: str, underline: str = "-") -> str:
    """A section about `name`, that can be linked to."""
    title = f"``{name}``"
    return f".. _{anchor(kind, name)}:\n\n{title}\n{underline * len(title)}\n\n{text}\n"


def anchor(kind: str, name: str) -> str:
    """The label of a section."""
    return f"{kind}-{SPELT.get(name, name)}".lower()


def literal(text: str) -> str:
    """A block that is shown as it is."""
    return f".. code-block:: text\n\n   {text}"


HEADING = re.compile(r"    # ([^\n]+)\n|    def (\w+)\(\s*self(?:,\s+)?(.*?)\) -> (.+?):", re.DOTALL)
HELPERS = {"is_private", "set_blocking", "was_given"}  # put together from other calls
LIBRARY = {"posix_spawn", "isatty", "scandir", "tcgetattr", "tcsetattr", "tcgetpgrp", "tcsetpgrp", "getcwd"}
UNDOCUMENTED = {"tcgetwinsize"}  # Linux has the call, and no manual page of this name


def calls_manual() -> str:
    """The system calls, under the headings of the class that makes them."""
    found = []
    for heading, name, parameters, result in HEADING.findall(inspect.getsource(Kernel)):
        if heading:
            found.append(f"{heading}\n{'-' * len(heading)}\n")
        elif name not in HELPERS:
            found.append(call_entry(name, " ".join(parameters.split()).rstrip(","), result))
    return "\n".join(found)


def call_entry(name: str, parameters: str, result: str) -> str:
    """The section of one call: how it is made, its docstring, and its page in the system's manual."""
    usage = literal(f"{name}({parameters}) -> {result}")
    more = "" if name in UNDOCUMENTED else f"\n\nManual page: :manpage:`{name}({manual_section(name)})`."
    return section("call", name, f"{usage}\n\n{prose(getattr(Kernel, name).__doc__)}{more}", "~")


def manual_section(name: str) -> int:
    """2 has the system calls, 3 the C library, 7 everything else."""
    return 7 if name == "environ" else 3 if name in LIBRARY else 2


def error_entry(name: str) -> str:
    """The section of one kind of error: what it means, the status, and whether the shell goes on."""
    kind: type[errors.ShellError] = getattr(errors, name)
    ends = (
        "A script ends with it; at the prompt, the rest of the line is not run."
        if kind.fatal
        else "The shell goes on."
    )
    return section("error", name, f"{prose(kind.__doc__ or '')}\n\n``$?`` is {kind.status}. {ends}")


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
    own = "\n".join(f":{name}: {TYPES[type_]}" for name, type_ in FIELDS[kind].items() if name not in COMMON)
    return section("event", kind.kind, f"{prose(kind.__doc__ or '')}\n\n{own}")


def trace_example() -> str:
    """The lines of a short trace."""
    return "\n".join(dump(EXAMPLE))


def prose(text: str) -> str:
    """A docstring as reStructuredText: `x` is literal, and nothing else is markup."""
    pieces = QUOTED.split(inspect.cleandoc(text))  # prose and quotations in turn
    return "".join(f"``{piece}``" if index % 2 else MARKUP.sub(r"\\\1", piece) for index, piece in enumerate(pieces))
