"""read."""

from __future__ import annotations

import os

from minishell.builtins.options import options_with_values
from minishell.builtins.registry import builtin
from minishell.errors import AssignmentProblem, UsageProblem
from minishell.expand.pieces import WHITE_SPACE
from minishell.ids import STDIN
from minishell.run.lines import read_line
from minishell.run.simple import expanded_variable
from minishell.syntax.names import is_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Field


@builtin("read", usage="read [-r] [-d delimiter] name ...")
def read(shell: Shell, words: Sequence[Field]) -> int:
    r"""Read a line from standard input and split it into variables; what is left over goes into the last one.

    A backslash quotes the next character, or joins the next line, for which a terminal shows PS2; with -r it is a
    character like any other.  With -d the line ends with another character than a newline, with -d '' with a NUL
    byte: `find -print0 | read -d ''`.
    The status is 1 at the end of the input.  A builtin because it sets variables.  POSIX.1-2024 XCU read.
    """
    options, names = options_with_values(words, "rd:")
    given = dict(options)
    delimiter = os.fsencode(given.get("d", "\n"))[:1] or b"\0"
    if not names:
        raise UsageProblem("read needs the name of a variable")
    for name in names:
        if not is_name(name):
            raise UsageProblem(f"{name or 'nothing'} is not a name a variable can have", name)
    shell.reads = True
    try:
        characters, complete = line(shell, raw="r" in given, delimiter=delimiter)
    finally:
        shell.reads = False
    values = split(characters, shell.variables.get("IFS", WHITE_SPACE), len(names))
    for name, value in zip(names, values, strict=True):
        try:
            shell.variables.set(name, value, name.span, export="allexport" in shell.options)
        except AssignmentProblem as problem:  # of a builtin that is not special: the shell goes on, XCU 2.8.1
            raise UsageProblem(problem.message, problem.span) from None
    return 0 if complete else 1


def line(shell: Shell, raw: bool, delimiter: bytes) -> tuple[list[tuple[str, bool]], bool]:
    """The characters of a line, each with whether it was quoted; and whether the line had its delimiter."""
    characters: list[tuple[str, bool]] = []
    end = os.fsdecode(delimiter)
    while True:
        text = read_line(shell.kernel, delimiter=delimiter)
        complete = text.endswith(end)
        if complete:
            text = text[:-1]
        at = 0
        while at < len(text):
            if text[at] != "\\" or raw:
                characters.append((text[at], False))
            elif text[at + 1 : at + 2] not in ("", "\n"):
                at += 1
                characters.append((text[at], True))
            elif at + 1 == len(text) and complete:  # it quotes the delimiter: the line goes on
                if end != "\n":
                    characters.append((end, True))
                elif shell.interactive and shell.kernel.isatty(STDIN):
                    shell.complain(expanded_variable(shell, "PS2"))
                break
            else:
                at += 1
            at += 1
        else:
            return [each for each in characters if each[0] != "\0"], complete


def split(characters: list[tuple[str, bool]], ifs: str, count: int) -> list[str]:
    """Cut the line into `count` values, by the rules of field splitting.  The last one keeps its separators,
    but not white space at its end, nor a single separator there if nothing stands before it."""
    rest = strip(characters, ifs)
    values: list[str] = []
    while len(values) < count - 1:
        value, rest = first_field(rest, ifs)
        values.append(value)
    value, after = first_field(rest, ifs)
    values.append(value if not after else "".join([character for character, _ in strip(rest, ifs)]))
    return values


def first_field(characters: list[tuple[str, bool]], ifs: str) -> tuple[str, list[tuple[str, bool]]]:
    """The characters up to a separator, and what follows that: white space around one other character of IFS."""
    end = next((at for at, each in enumerate(characters) if separates(each, ifs)), len(characters))
    after = end
    while after < len(characters) and separates(characters[after], ifs) and characters[after][0] in WHITE_SPACE:
        after += 1
    if after < len(characters) and separates(characters[after], ifs):
        after += 1
        while after < len(characters) and separates(characters[after], ifs) and characters[after][0] in WHITE_SPACE:
            after += 1
    return "".join([character for character, _ in characters[:end]]), characters[after:]


def separates(character: tuple[str, bool], ifs: str) -> bool:
    return not character[1] and character[0] in ifs


def strip(characters: list[tuple[str, bool]], ifs: str) -> list[tuple[str, bool]]:
    """Without the IFS white space at both ends."""
    start, end = 0, len(characters)
    while start < end and separates(characters[start], ifs) and characters[start][0] in WHITE_SPACE:
        start += 1
    while end > start and separates(characters[end - 1], ifs) and characters[end - 1][0] in WHITE_SPACE:
        end -= 1
    return characters[start:end]
