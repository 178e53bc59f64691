"""set and umask."""

from __future__ import annotations

from minishell.builtins.options import split_options
from minishell.builtins.registry import builtin
from minishell.errors import NoSuchOption, OnlyRead, UsageProblem
from minishell.options import LETTERS, NAMES, ONLY_AT_START
from minishell.syntax.quoting import assignment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Field


@builtin("set", usage="set [-abCefhmnuvx] [-o option] [--] [argument ...]", special=True)
def set(shell: Shell, words: Sequence[Field]) -> int:
    """Switch options on (-) or off (+), or replace the arguments `$1`, `$2`, …; without words, list variables.

    -e errexit: end when a command fails.  -m monitor: a process group for each job.  -b notify: tell of ended
    jobs at once.  -u nounset: an unset variable is an error.  -x xtrace: show commands as they are run.
    -f noglob: no pathname expansion.  -C noclobber: `>` does not overwrite.  -n noexec: only read.
    -a allexport: export what is assigned.  -h hashall: find a function's programs when it is defined.
    -v verbose: show lines as they are read.  Only by name, with -o: ignoreeof, pipefail, vi, nolog, which keeps
    definitions of functions out of the history, and trace, which tells what each line does.  `set -o` shows all,
    `set +o` so that they can be read back.
    A builtin because it changes the shell itself.  POSIX.1-2024 XCU set.
    """
    if not words:
        for name, value in sorted(shell.variables.values.items()):
            shell.write(f"{assignment(name, value)}\n")
        return 0
    arguments = switch_options(shell, list(words))
    if arguments is not None:
        shell.arguments = [str(argument) for argument in arguments]
    if shell.only_reads:
        raise OnlyRead
    return 0


def switch_options(shell: Shell, words: list[Field]) -> list[Field] | None:
    """Carry out the options; returns the arguments that follow, or None if they are not to be changed."""
    while words and words[0][:1] in ("-", "+") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            return words
        for letter in word[1:]:
            if letter == "o":
                switch_by_name(shell, word[0] == "-", words)
            elif LETTERS.get(letter, "interactive") in ONLY_AT_START:
                raise NoSuchOption(word if letter == "-" else f"{word[0]}{letter}", word)
            else:
                switch(shell, LETTERS[letter], word[0] == "-")
    return words or None


def switch_by_name(shell: Shell, on: bool, words: list[Field]) -> None:
    if not words:
        show_options(shell, readable=not on)
        return
    name = words.pop(0)
    if name not in NAMES:
        raise UsageProblem(f"there is no option called {name}", name, help="set -o lists them")
    switch(shell, name, on)


def switch(shell: Shell, name: str, on: bool) -> None:
    if name == "monitor" and on and shell.terminal is None and not shell.subshell:
        from minishell.jobs.terminal import open_terminal

        shell.terminal = open_terminal(shell.kernel)
    if on:
        shell.controls_jobs |= name == "monitor"
        shell.options.add(name)
    else:
        shell.options.discard(name)


def show_options(shell: Shell, readable: bool) -> None:
    for name in sorted(NAMES):
        on = name in shell.options
        if readable:
            shell.write(f"set {'-' if on else '+'}o {name}\n")
        else:
            shell.write(f"{name:<16}{'on' if on else 'off'}\n")


SHIFTS = {"u": 6, "g": 3, "o": 0}
"""Where the three bits of owner, group and others are in a mode."""


@builtin("umask", usage="umask [-S] [mask]")
def umask(shell: Shell, words: Sequence[Field]) -> int:
    """Set which permissions new files do not get, as an octal number or like `u=rwx,g=rx,o=`; else print it.

    -S prints what they do get, in letters.  A builtin because a child could set only its own.
    POSIX.1-2024 XCU umask.
    """
    given, operands = split_options(words, "S")
    word = operands[0] if operands else None
    if word is not None and word.isascii() and word.isdigit():
        if word.strip("01234567") or int(word, 8) > 0o7777:
            raise UsageProblem(f"{word} is not an octal number up to 7777", word)
        shell.kernel.umask(int(word, 8) & 0o777)  # the other three bits cannot be kept from a file
        return 0
    current = shell.kernel.umask(0)  # there is no other way to ask
    shell.kernel.umask(current)
    if word is None:
        shell.write(f"{in_letters(current)}\n" if given else f"{current:04o}\n")
    else:
        shell.kernel.umask(symbolic(word, current))
    return 0


def in_letters(mask: int) -> str:
    """The permissions that `mask` leaves: `u=rwx,g=rx,o=rx`."""
    return ",".join(
        f"{who}={''.join(letter for letter, bit in zip('rwx', (4, 2, 1), strict=True) if not mask >> shift & bit)}"
        for who, shift in SHIFTS.items()
    )


def symbolic(word: Field, mask: int) -> int:
    """The mask after clauses such as `g-w` or `u=rwx,o=`.  POSIX.1-2024 XCU chmod, symbolic_mode."""
    allowed = ~mask & 0o777
    for clause in word.split(","):
        who = clause[: len(clause) - len(clause.lstrip("ugoa"))]
        actions = clause[len(who) :]
        if actions[:1] not in ("+", "-", "=") or not actions:
            raise UsageProblem(f"{clause or 'nothing'} is not a change of permissions, such as g-w", word)
        while actions:
            operator, rest = actions[0], actions[1:]
            actions = rest.lstrip("rwxXstugo")
            letters = rest[: len(rest) - len(actions)]
            if (letters not in SHIFTS and letters.strip("rwxXst")) or actions[:1] not in ("", "+", "-", "="):
                raise UsageProblem(f"{clause} is not a change of permissions, such as g-w", word)
            bits = allowed >> SHIFTS[letters] & 7 if letters in SHIFTS else bits_of(letters, allowed)  # `g=u` copies
            for shift in [SHIFTS[person] for person in (who or "a").replace("a", "ugo")]:
                kept = allowed & ~(7 << shift) if operator == "=" else allowed
                allowed = kept & ~(bits << shift) if operator == "-" else kept | bits << shift
    return ~allowed & 0o777


def bits_of(letters: str, allowed: int) -> int:
    """Read, write and execute; X is x where somebody may execute; s and t are no business of a mask."""
    letters = letters.replace("X", "x" if allowed & 0o111 else "")
    return sum({"r": 4, "w": 2, "x": 1}.get(letter, 0) for letter in {*letters})
