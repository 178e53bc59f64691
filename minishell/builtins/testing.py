"""test and [: asking about files, texts and numbers.  POSIX.1-2024 XCU test."""

from __future__ import annotations

import os
import stat
from _operator import eq, ge, gt, le, lt, ne  # the C half of operator

from minishell.builtins.registry import builtin
from minishell.errors import UsageProblem
from minishell.expand.words import repeatable_value
from minishell.ids import STDOUT, Fd, small_number
from minishell.syntax.tree import Parameter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from minishell.shell import Shell
    from minishell.source import Field
    from minishell.syntax.tree import Word

LONGEST = 4000
"""Digits: Python refuses to read more than 4300 (sys.set_int_max_str_digits)."""
FALSE = 1
"""Status of a test that is not so; 2 is a mistake in the question."""


def prepare_test(words: Sequence[Word]) -> Callable[[Shell], int | None]:
    """`test $i -lt 9` and `test "$a" = b`, where the operands are as simple as they look."""
    if len(words) != 3:
        return lambda shell: None
    question = words[1].plain() or ""
    if question in TEXTS:
        return compare_texts(repeatable_value(words[0]), repeatable_value(words[2]), TEXTS[question])
    if question in NUMBERS:
        return compare_numbers(number_value(words[0]), number_value(words[2]), NUMBERS[question])
    return lambda shell: None


def compare_texts(
    left: Callable[[Shell], str | None], right: Callable[[Shell], str | None], same: bool
) -> Callable[[Shell], int | None]:
    def answer(shell: Shell) -> int | None:
        one, other = left(shell), right(shell)
        return None if one is None or other is None else 0 if (one == other) is same else FALSE

    return answer


def compare_numbers(
    left: Callable[[Shell], int | None], right: Callable[[Shell], int | None], holds: Callable[[int, int], bool]
) -> Callable[[Shell], int | None]:
    def answer(shell: Shell) -> int | None:
        one, other = left(shell), right(shell)
        return None if one is None or other is None else 0 if holds(one, other) else FALSE

    return answer


def number_value(word: Word) -> Callable[[Shell], int | None]:
    """A function for the number, without a sign or blanks, that an operand is; None: it is not as simple as that."""

    def variable(shell: Shell) -> int | None:
        text = shell.variables.get(name)
        if text and text.isdigit() and text.isascii() and len(text) < LONGEST and shell.variables.usual_ifs:
            return int(text)
        return None

    match word.parts:
        case (Parameter(name, "", None),) if name.isidentifier():  # what loops count with
            return variable
    value, constant = repeatable_value(word), natural(word.plain())
    return (lambda shell: natural(value(shell))) if constant is None else lambda shell: constant


def natural(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() and text.isascii() and len(text) < LONGEST else None


def prepare_bracket(words: Sequence[Word]) -> Callable[[Shell], int | None]:
    return prepare_test(words[:-1] if words and words[-1].plain() == "]" else ())


@builtin("test", usage="test [expression]", prepare=prepare_test)
def test(shell: Shell, words: Sequence[Field]) -> int:
    """Say by its status whether the expression is true: 0 if it is, 1 if not, 2 if it makes no sense.

    Files: -e exists, -f regular, -d directory, -s not empty, -r -w -x readable, writable, executable, -L (-h) link,
    -p -S -b -c fifo, socket, block and character device, -u -g set-id bits; a -nt b, a -ot b, a -ef b newer,
    older, the same.  -t n: descriptor n is a terminal.  Texts: -n not empty, -z empty, a = b, a != b, a < b, a > b.
    Numbers: a -eq -ne -lt -le -gt -ge b.  ! e, ( e ), e -a e, e -o e combine.
    There is a program of this name too; the builtin saves a process.  POSIX.1-2024 XCU test.
    """
    return 0 if Question(shell, words).answer() else FALSE


@builtin("[", usage="[ expression ]", prepare=prepare_bracket)
def bracket(shell: Shell, words: Sequence[Field]) -> int:
    """The same as `test`, with a `]` as its last word: `[ -d /tmp ]`.  `help test` has the rest.

    There is a program of this name too; the builtin saves a process.  POSIX.1-2024 XCU test.
    """
    if not words or words[-1] != "]":
        raise UsageProblem("[ needs a ] as its last word", words[-1] if words else None)
    return 0 if Question(shell, words[:-1]).answer() else FALSE


class Question:
    """What an expression means depends, up to four words, on their number alone; so POSIX makes it certain."""

    def __init__(self, shell: Shell, words: Sequence[Field]) -> None:
        self.shell, self.words, self.at = shell, list(words), 0

    def answer(self) -> bool:
        words = self.words
        match len(words):
            case 0:
                return False
            case 1:
                return words[0] != ""
            case 2:
                return self.two(words)
            case 3:
                return self.three(words)
            case 4 if words[0] == "!":
                return not self.three(words[1:])
            case 4 if words[0] == "(" and words[3] == ")":
                return self.two(words[1:3])
        try:
            result = self.either()
        except RecursionError:
            raise UsageProblem("the expression is nested too deep", words[0]) from None
        if self.at < len(words):
            raise UsageProblem(f"{words[self.at] or 'nothing'} cannot stand here", words[self.at])
        return result

    def two(self, words: Sequence[Field]) -> bool:
        if words[0] == "!":
            return words[1] == ""
        if words[0] in UNARY:
            return UNARY[words[0]](self.shell, words[1])
        raise UsageProblem(f"{words[0]} is not a question about one word", words[0])

    def three(self, words: Sequence[Field]) -> bool:
        if words[1] in BINARY:
            return BINARY[words[1]](self.shell, words[0], words[2])
        if words[1] in ("-a", "-o"):
            left, right = words[0] != "", words[2] != ""
            return left and right if words[1] == "-a" else left or right
        if words[0] == "!":
            return not self.two(words[1:])
        if words[0] == "(" and words[2] == ")":
            return words[1] != ""
        raise UsageProblem(f"{words[1] or 'nothing'} is not a question about two words", words[1])

    # More than four words: as a grammar, `-o` binding least

    def either(self) -> bool:
        result = self.both()
        while self.word() == "-o":
            self.at += 1
            result = self.both() or result
        return result

    def both(self) -> bool:
        result = self.negation()
        while self.word() == "-a":
            self.at += 1
            result = self.negation() and result
        return result

    def negation(self) -> bool:
        if self.word() == "!":
            self.at += 1
            return not self.negation()
        return self.primary()

    def primary(self) -> bool:
        words, at = self.words, self.at
        if at >= len(words):
            raise UsageProblem("the expression ends too early", words[-1])
        if at + 2 < len(words) and words[at + 1] in BINARY:
            self.at += 3
            return BINARY[words[at + 1]](self.shell, words[at], words[at + 2])
        if words[at] == "(":
            self.at += 1
            result = self.either()
            if self.word() != ")":
                raise UsageProblem("a ) is missing", words[at])
            self.at += 1
            return result
        if words[at] in UNARY and at + 1 < len(words):
            self.at += 2
            return UNARY[words[at]](self.shell, words[at + 1])
        self.at += 1
        return words[at] != ""

    def word(self) -> str | None:
        return self.words[self.at] if self.at < len(self.words) else None


def status_of(shell: Shell, path: str) -> os.stat_result | None:
    try:
        return shell.kernel.stat(path)
    except (OSError, ValueError):
        return None


def of_kind(kind: Callable[[int], bool]) -> Callable[[Shell, Field], bool]:
    def ask(shell: Shell, path: Field) -> bool:
        found = status_of(shell, path)
        return found is not None and kind(found.st_mode)

    return ask


def is_link(shell: Shell, path: Field) -> bool:
    try:
        return stat.S_ISLNK(shell.kernel.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def may(mode: int) -> Callable[[Shell, Field], bool]:
    def ask(shell: Shell, path: Field) -> bool:
        try:
            return shell.kernel.access(path, mode)
        except (OSError, ValueError):
            return False

    return ask


def is_terminal(shell: Shell, word: Field) -> bool:
    number = small_number(word)
    if number is None:
        raise UsageProblem(f"{word or 'nothing'} is not the number of a descriptor", word)
    return shell.kernel.isatty(Fd(number)) and not (number == STDOUT and shell.captured is not None)


def not_empty(shell: Shell, path: Field) -> bool:
    found = status_of(shell, path)
    return found is not None and found.st_size > 0


UNARY: dict[str, Callable[[Shell, Field], bool]] = {
    "-b": of_kind(stat.S_ISBLK),
    "-c": of_kind(stat.S_ISCHR),
    "-d": of_kind(stat.S_ISDIR),
    "-e": of_kind(lambda mode: True),
    "-f": of_kind(stat.S_ISREG),
    "-g": of_kind(lambda mode: bool(mode & stat.S_ISGID)),
    "-h": is_link,
    "-L": is_link,
    "-n": lambda shell, word: word != "",
    "-p": of_kind(stat.S_ISFIFO),
    "-r": may(os.R_OK),
    "-S": of_kind(stat.S_ISSOCK),
    "-s": not_empty,
    "-t": is_terminal,
    "-u": of_kind(lambda mode: bool(mode & stat.S_ISUID)),
    "-w": may(os.W_OK),
    "-x": may(os.X_OK),
    "-z": lambda shell, word: word == "",
}


def whole_number(word: Field) -> int:
    text = word.strip(" \t\n")
    digits = text[1:] if text[:1] in ("-", "+") else text
    significant = digits.lstrip("0")
    if not (digits.isascii() and digits.isdigit() and len(significant) < LONGEST):
        raise UsageProblem(f"{word or 'nothing'} is not a number", word)
    return int(significant or "0") * (-1 if text[0] == "-" else 1)


def newer(shell: Shell, one: Field, other: Field) -> bool:
    mine, theirs = status_of(shell, one), status_of(shell, other)
    return mine is not None and (theirs is None or mine.st_mtime_ns > theirs.st_mtime_ns)


def same(shell: Shell, one: Field, other: Field) -> bool:
    mine, theirs = status_of(shell, one), status_of(shell, other)
    return mine is not None and theirs is not None and os.path.samestat(mine, theirs)


def comparing(holds: Callable[[int, int], bool]) -> Callable[[Shell, Field, Field], bool]:
    return lambda shell, one, other: holds(whole_number(one), whole_number(other))


TEXTS = {"=": True, "!=": False}
NUMBERS = {
    "-eq": eq,
    "-ne": ne,
    "-lt": lt,
    "-le": le,
    "-gt": gt,
    "-ge": ge,
}

BINARY: dict[str, Callable[[Shell, Field, Field], bool]] = {
    "=": lambda shell, one, other: str(one) == str(other),
    "!=": lambda shell, one, other: str(one) != str(other),
    "<": lambda shell, one, other: str(one) < str(other),
    ">": lambda shell, one, other: str(one) > str(other),
    "-nt": newer,
    "-ot": lambda shell, one, other: newer(shell, other, one),
    "-ef": same,
    **{name: comparing(holds) for name, holds in NUMBERS.items()},
}
