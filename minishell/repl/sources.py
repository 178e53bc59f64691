"""What a word can be completed to: commands, files, variables, users, jobs, signals and options."""

from __future__ import annotations

import os
import pwd
import re
from typing import TYPE_CHECKING

from prompt_toolkit.completion import Completion

from minishell import options
from minishell.builtins.registry import BUILTINS, catalogue
from minishell.kernel.signals import NAMES, NUMBERS, describe
from minishell.syntax.tokens import RESERVED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from minishell.builtins.registry import Builtin
    from minishell.repl.place import Place, Reference
    from minishell.shell import Shell

    Keep = Callable[["os.DirEntry[str]"], bool]

LIMIT = 1000
"""Completions shown at most."""


def fewer(names: Iterable[str]) -> list[str]:
    """The names in order, no more than LIMIT.  The last one is kept: what all begin with stays the same."""
    ordered = sorted(names)
    return ordered if len(ordered) <= LIMIT else [*ordered[: LIMIT - 1], ordered[-1]]


# Commands


def commands(place: Place) -> Iterator[Completion]:
    """Builtins, reserved words and programs.  Of nothing at all, only what the shell itself can do."""
    prefix, slot = place.value, place.slot()
    meanings = dict.fromkeys((word for word in RESERVED if len(word) > 1), "reserved word")
    meanings |= {name: first_line(builtin) for name, builtin in builtins().items()}
    if prefix:
        meanings = place.programs.starting_with(prefix) | meanings
    for name in fewer(name for name in meanings if name.startswith(prefix)):
        yield slot.fill(name, meta=meanings[name])


def builtin_names(place: Place) -> Iterator[Completion]:
    for name, builtin in builtins().items():
        if name.startswith(place.value):
            yield place.slot().fill(name, meta=first_line(builtin))


def lessons(place: Place) -> Iterator[Completion]:
    """Names of lessons with their titles; in front of them, what else `lesson` takes."""
    from minishell.lessons import library  # only when somebody asks

    words = (
        {} if "run" in place.words else {"list": "all lessons", "next": "the first not read", "run": "its examples"}
    )
    try:
        titles = {lesson.folder.name: lesson.title for lesson in library.lessons(library.default_folder())}
    except library.Missing:
        titles = {}
    for name, meta in {**words, **titles}.items():
        if name.startswith(place.value):
            yield place.slot().fill(name, meta=meta)


def builtins() -> dict[str, Builtin]:
    """All of them, those too that other rooms have added."""
    return {**catalogue(), **BUILTINS}


def first_line(builtin: Builtin) -> str:
    return builtin.help.strip().partition("\n")[0]


# Files


def files(place: Place) -> Iterator[Completion]:
    return paths(place, lambda entry: True)


def directories(place: Place) -> Iterator[Completion]:
    return paths(place, is_directory)


def runnable(place: Place) -> Iterator[Completion]:
    """What can be run by its path, and directories on the way there."""
    return paths(place, lambda entry: is_directory(entry) or os.access(entry.path, os.X_OK))


def paths(place: Place, keep: Keep) -> Iterator[Completion]:
    """Files, from the beginning of the word; or from behind a `=` in it, if that leads to none."""
    if place.has_tilde and "/" not in place.value:
        yield from users(place)
        return
    if not place.word.known:
        return
    found = paths_from(place, 0, keep)
    if not found and "=" in place.value:
        found = paths_from(place, place.value.index("=") + 1, keep)
    yield from found


def paths_in_assignment(place: Place) -> list[Completion]:
    """Files behind the `=`, or behind the last `:`, as in PATH."""
    value = place.value
    if not place.word.known:
        return []
    return paths_from(place, max(value.index("="), value.rfind(":")) + 1, lambda entry: True)


def paths_from(place: Place, begin: int, keep: Keep) -> list[Completion]:
    """Files for the part of the word behind its first `begin` characters."""
    directory, slash, prefix = place.value[begin:].rpartition("/")
    length = begin + len(directory) + len(slash)
    slot = place.slot(length, whole=length == begin)
    entries = matching(expanded(place, directory + slash, begin), prefix, keep)
    completions = []
    if prefix == "..":
        completions.append(slot.fill("..", ending="/", display="../", meta="directory"))
    for name in fewer(entries):
        meta = kind(entries[name])
        safe = f"./{name}" if length == 0 and name.startswith("-") else name  # else it would be taken for an option
        ending = "/" if is_directory(entries[name]) else " "
        completions.append(slot.fill(safe, ending=ending, display=name + ending.strip(), meta=meta))
    return completions


def expanded(place: Place, directory: str, begin: int) -> str:
    """The directory to look into.  A tilde leads where it would lead when the line is run."""
    raw_start = place.word.start if begin == 0 else place.word.ends[begin - 1]
    if place.text.startswith("~", raw_start) and directory.startswith("~"):
        user, _, rest = directory[1:].partition("/")
        return os.path.join(home(place.shell, user), rest)
    return directory or "."


def home(shell: Shell, user: str) -> str:
    from minishell.expand.tilde import home_directory

    return home_directory(shell, user) or f"~{user}"


def matching(directory: str, prefix: str, keep: Keep) -> dict[str, os.DirEntry[str]]:
    """Entries whose name starts so; if there are none, in capitals or not.  Hidden ones only after a dot."""
    try:
        with os.scandir(directory) as entries:
            everything = [entry for entry in entries if entry.name[0] != "." or prefix[:1] == "."]
    except (OSError, ValueError):
        return {}
    found = [entry for entry in everything if entry.name.startswith(prefix) and keep(entry)]
    if not found:
        lower = prefix.lower()
        found = [entry for entry in everything if entry.name.lower().startswith(lower) and keep(entry)]
    return {entry.name: entry for entry in found}


def is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of symbolic links
        return False


def kind(entry: os.DirEntry[str]) -> str:
    """What a file is, if it is not a plain one."""
    link = "link to a " if entry.is_symlink() else ""
    if is_directory(entry):
        return f"{link}directory"
    if not os.path.exists(entry.path):
        return "link that leads nowhere" if link else ""
    if os.access(entry.path, os.X_OK):
        return "executable"
    return "" if entry.is_file() else "special file"


def users(place: Place) -> Iterator[Completion]:
    """`~user/`."""
    prefix = place.value[1:]
    homes = {user.pw_name: user.pw_dir for user in pwd.getpwall() if user.pw_name.startswith(prefix)}
    for name in fewer(homes):
        yield Completion(f"~{name}/", place.word.start - len(place.text), display_meta=homes[name])


# Names that the shell knows


def references(shell: Shell, reference: Reference, length: int, following: str) -> Iterator[Completion]:
    """The rest of `$name` or `${name}`; `length` is that of the text before the cursor."""
    closing = "}" if reference.braced and following != "}" else ""
    for name, meta in variable_names(shell, reference.name):
        yield Completion(name + closing, reference.start - length, display=name, display_meta=meta)


def variables(place: Place) -> Iterator[Completion]:
    if "=" in place.value:
        yield from paths_in_assignment(place)
        return
    for name, meta in variable_names(place.shell, place.value):
        yield place.slot().fill(name, meta=meta)


def variable_names(shell: Shell, prefix: str) -> Iterator[tuple[str, str]]:
    """Names and whether programs get them.  Not their values: those may be secret, and others may be watching."""
    for name in fewer(name for name in shell.variables.values if name.startswith(prefix)):
        yield name, "exported" if name in shell.variables.exported else "not exported"


def jobs(place: Place) -> Iterator[Completion]:
    """`%1`, also for `%?text` and `%text` of a job."""
    prefix = place.value
    for number, job in place.shell.jobs.jobs.items():
        text = job.text
        named = prefix[:1] == "%" and (text.startswith(prefix[1:]) or (prefix[1:2] == "?" and prefix[2:] in text))
        if f"%{number}".startswith(prefix) or named:
            yield place.slot().fill(f"%{number}", display=f"%{number}", meta=text)


def signals(place: Place, before: str = "", more: Iterable[str] = ()) -> Iterator[Completion]:
    """Names of signals, each with `before` in front of it, in order of their numbers."""
    prefix = place.value.removeprefix(before).upper().removeprefix("SIG")
    for name in (*more, *[NAMES[number] for number in sorted(NAMES)]):
        if name.startswith(prefix):
            meta = describe(NUMBERS[name]) if name in NUMBERS else "when the shell ends"
            yield place.slot().fill(before + name, meta=meta)


def option_names(place: Place) -> Iterator[Completion]:
    """What `set -o` takes."""
    for name in sorted(options.NAMES):
        if name.startswith(place.value):
            yield place.slot().fill(name, meta="on" if name in place.shell.options else "off")


def option_letters(place: Place, builtin: Builtin) -> Iterator[Completion]:
    """The options of a builtin, which its usage lists and its help mostly explains.  `set` takes them with + too."""
    sign = place.value[:1]
    for letter in letters(builtin.usage):
        if f"{sign}{letter}".startswith(place.value):
            yield place.slot().fill(f"{sign}{letter}", meta=explanation(builtin, letter))


def letters(usage: str) -> list[str]:
    """The option letters in a usage line: several together only where the brackets open.

    >>> letters("set [-eC] [-o option]"), letters("kill [-s signal | -signal] job or kill -l")
    (['e', 'o', 'C'], ['l', 's'])
    """
    found = re.findall(r"(?<=\[)-[A-Za-z]+|(?<= )-[A-Za-z]\b", usage)
    return sorted({letter for group in found for letter in group[1:]}, key=str.swapcase)


def explanation(builtin: Builtin, letter: str) -> str:
    """What the help says right after the option: `-p only the number of the first`."""
    found = re.search(rf"-{letter} ([^,;.]+)", builtin.help)
    return " ".join(found[1].split()) if found else ""
