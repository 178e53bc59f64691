"""fc: lines typed before, listed, edited and run again."""

from __future__ import annotations

import os

from minishell.builtins.options import options_with_values
from minishell.builtins.registry import builtin
from minishell.errors import BuiltinProblem, UsageProblem
from minishell.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Field

LISTED = 16
"""How many `fc -l` shows if nothing else is asked for: XCU fc, OPERANDS."""


@builtin("fc", usage="fc [-r] [-e editor] [first [last]]; fc -l [-nr] [first [last]]; fc -s [old=new] [first]")
def fc(shell: Shell, words: Sequence[Field]) -> int:
    """Edit lines typed before, and run them again: the last one, or those from `first` to `last`.

    A line is meant by its number, by how many lines ago it was typed (-2), or by how it begins.  The editor is that
    of -e, of FCEDIT, or ed.  -l only lists, -n without numbers, -r the other way round.  -s runs a line at once, with
    `old` in it replaced by `new`.  A builtin because the history is the shell's own.  POSIX.1-2024 XCU fc.
    """
    options, operands = options_with_values(words, "re:lns")
    given = dict(options)
    if shell.history is None:
        raise BuiltinProblem("there is no history: only a shell with a line editor keeps one")
    if len(operands) > 2:
        raise UsageProblem("fc takes the first line and the last", operands[2])
    lines = shell.history.lines()[:-1]  # the last one is this command
    if "s" in given:
        return run_again(shell, lines, operands)
    first, last = bounds(lines, operands, lists="l" in given)
    chosen = list(range(min(first, last), max(first, last) + 1))
    if (first > last) != ("r" in given):
        chosen.reverse()
    if "l" in given:
        for number in chosen:
            shown = lines[number].replace("\n", "\n\t")
            shell.write(f"{'' if 'n' in given else number + 1}\t{shown}\n")
        return 0
    editor = given.get("e") or shell.variables.get("FCEDIT") or "ed"
    return edit(shell, editor, "".join(f"{lines[number]}\n" for number in chosen))


def bounds(lines: Sequence[str], operands: Sequence[Field], lists: bool) -> tuple[int, int]:
    """The first and the last line that are meant, counted from 0."""
    if not lines:
        raise BuiltinProblem("the history is empty")
    if not operands:
        return (max(len(lines) - LISTED, 0) if lists else len(lines) - 1), len(lines) - 1
    first = find(lines, operands[0])
    if len(operands) == 2:
        return first, find(lines, operands[1])
    return first, len(lines) - 1 if lists else first


def find(lines: Sequence[str], operand: Field) -> int:
    """Which line an operand means, counted from 0; a number beyond the first or the last means that one."""
    digits = operand.removeprefix("-") if operand.startswith("-") else operand.removeprefix("+")
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        number = len(lines) - int(digits) if operand.startswith("-") else int(digits) - 1
        return min(max(number, 0), len(lines) - 1)
    for number in reversed(range(len(lines))):
        if lines[number].startswith(operand):
            return number
    raise BuiltinProblem(f"no line in the history begins with {operand}", operand)


def run_again(shell: Shell, lines: Sequence[str], operands: Sequence[Field]) -> int:
    """-s: without an editor, and perhaps with a change."""
    old = new = ""
    if operands and "=" in operands[0]:
        old, _, new = operands[0].partition("=")
        operands = operands[1:]
    if len(operands) > 1:
        raise UsageProblem("fc -s takes one line", operands[1])
    first, _ = bounds(lines, operands, lists=False)
    return run(shell, lines[first].replace(old, new, 1) + "\n")


def edit(shell: Shell, editor: str, text: str) -> int:
    """Let the editor change the text; if it ends well, run what it has left."""
    from minishell.run.script import read_script, run_text
    from minishell.syntax.quoting import quoted

    path = f"{shell.variables.get('TMPDIR') or '/tmp'}/minishell-fc-{shell.kernel.getpid()}"
    try:
        fd = shell.kernel.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as refusal:
        raise BuiltinProblem(f"{path}: {refusal.strerror}") from None
    try:
        try:
            shell.write(text, fd)
        finally:
            shell.kernel.close(fd)
        status = run_text(shell, Source("fc", f"{editor} {quoted(path)}"))
        changed = read_script(shell, path) if status == 0 else ""
    finally:
        shell.kernel.unlink(path)
    return run(shell, changed) if status == 0 else status


def run(shell: Shell, text: str) -> int:
    """Show the commands, put them into the history in place of this one, and run them."""
    from minishell.run.script import run_text

    shell.complain(text)
    if shell.history is not None:
        shell.history.replace_last(text.rstrip("\n"))
    return run_text(shell, Source("fc", text))
