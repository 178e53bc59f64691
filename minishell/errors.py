"""What can go wrong, what `$?` becomes, and how it is said.

    ShellError              reported, and the shell carries on             1
      SyntaxProblem         the line cannot be parsed                      2   fatal
      ExpansionProblem      a word cannot be expanded                      1   fatal
      AssignmentProblem     a variable cannot be assigned                  1   fatal
      RedirectionProblem    a file cannot be opened for a command          1
      CommandNotFound       no file of that name in PATH                 127
      CommandNotRunnable    found, but execve refuses it                 126
      BuiltinProblem        a builtin could not do what it was asked       1
      UsageProblem          a builtin was given arguments it cannot use    2
        NoSuchOption        it does not know this one                      2
      NoMoreProcesses       fork is refused                              254   fatal
      NoMoreDescriptors     a pipe is refused                              1   fatal

A fatal problem ends a shell that is not interactive, and in an interactive one the line it stands in.
Statuses and consequences: POSIX.1-2024 XCU 2.8.1 and 2.8.2.
"""

from __future__ import annotations

from minishell.source import Field, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar


class ShellError(Exception):
    """A problem to show the learner.

    Raise it where most is known about it; only `report` turns it into text.  `help` says what to do about it.
    """

    status: ClassVar[int] = 1
    fatal: ClassVar[bool] = False

    def __init__(self, message: str, span: Span | Field | None = None, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.span = span.span if isinstance(span, Field) else span
        self.help = help


class SyntaxProblem(ShellError):
    """The line cannot be parsed."""

    status = 2
    fatal = True


class ExpansionProblem(ShellError):
    """A word cannot be expanded."""

    fatal = True


class AssignmentProblem(ShellError):
    """A variable cannot be assigned."""

    fatal = True


class RedirectionProblem(ShellError):
    """A file cannot be opened for a command."""


class CommandNotFound(ShellError):
    """No file of that name in PATH."""

    status = 127


class CommandNotRunnable(ShellError):
    """There is such a file, but it cannot be executed."""

    status = 126


class BuiltinProblem(ShellError):
    """A builtin could not do what it was asked."""


class UsageProblem(ShellError):
    """A builtin was given arguments it cannot use."""

    status = 2


class NoSuchOption(UsageProblem):
    """A builtin does not know this option; `help` of the builtin tells which it knows."""

    def __init__(self, option: str, word: Field) -> None:
        super().__init__(f"there is no option {option}", word)


class NoMoreProcesses(ShellError):
    """The system refuses another process."""

    status = 254  # bash's choice; POSIX asks only for more than 128 to mean a signal
    fatal = True


class NoMoreDescriptors(ShellError):
    """This process, or the system, has too many open descriptors."""

    fatal = True


class LoopControl(BaseException):
    """`break` and `continue`: how many loops they leave, and whether the last one goes on."""

    def __init__(self, levels: int, goes_on: bool) -> None:
        super().__init__(levels)
        self.levels, self.goes_on = levels, goes_on


class Return(BaseException):
    """`return`: the function, or the file read by `.`, ends with `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class ShellExit(BaseException):
    """The shell, or this subshell, ends with `status`.  Not an error: nothing is reported."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class OnlyRead(BaseException):
    """`set -n`: from here on commands are read, and not run."""


class Interrupted(BaseException):
    """Ctrl-C or Ctrl-Z ended what this line was doing: the rest of it is not run."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def report(error: ShellError, interactive: bool = False) -> str:
    """What the learner sees, ending in a newline.

    In a terminal the line and a caret under the place; otherwise `name:line:column: message`, as compilers do.
    """
    message = abridged(error.message)
    if error.span is None:
        text = f"minishell: {shown(message)}\n"
    elif interactive:
        text = under_the_line(error.span, message)
    else:
        start, _ = error.span.source.line_around(error.span.start)
        column = error.span.start - start + 1
        text = f"{error.span.source.name}:{error.span.line_number}:{column}: {shown(message)}\n"
    return text + f"help: {error.help}\n" if error.help else text


def abridged(text: str) -> str:
    """A message with a huge word in it, without the middle."""
    return text if len(text) <= LONGEST_MESSAGE else f"{text[:AROUND]}…{text[-AROUND:]}"


def under_the_line(span: Span, message: str) -> str:
    r"""The line that holds `span`, and a caret under each column that it takes on a terminal.

    >>> from minishell.source import Source
    >>> print(under_the_line(Span(Source("typed", "fg %3"), 3, 5), "no such job"), end="")
    fg %3
       ^^ no such job
    """
    start, line = span.source.line_around(span.start)
    before, inside, after = (
        line[: span.start - start],
        line[span.start - start : span.end - start],
        line[span.end - start :],
    )
    if len(line) > LONGEST_LINE:
        before = f"…{before[-AROUND:]}" if len(before) > AROUND else before
        inside = inside[:AROUND]
        after = f"{after[:AROUND]}…"
        line = before + inside + after
    return f"{shown(line)}\n{' ' * columns(before)}{'^' * max(columns(inside), 1)} {shown(message)}\n"


LONGEST_MESSAGE, LONGEST_LINE, AROUND = 400, 1000, 60
"""A line of this many characters is shown only as far as this many before the place, in it and behind it."""


def shown(text: str) -> str:
    """`text` with control characters and bytes that are not UTF-8 made visible, as `cat -v` does."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else " "
        if character == "\t"
        else f"^{chr(ord(character) ^ 64)}"
        if character < "\x80"
        else "�"
        for character in text
    )


def columns(text: str) -> int:
    """How many columns of a terminal `shown(text)` takes: East Asian wide characters take two."""
    visible = shown(text)
    if visible.isascii():
        return len(visible)
    import unicodedata  # only for text that is not ASCII

    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in visible
    )
