"""ulimit and times: what processes may use, and have used."""

from __future__ import annotations

import resource

from minishell.builtins.options import split_options
from minishell.builtins.registry import builtin
from minishell.errors import BuiltinProblem, UsageProblem
from minishell.ids import small_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell
    from minishell.source import Field

KINDS = {
    "c": (resource.RLIMIT_CORE, 512, "core file size (512-byte blocks)"),
    "d": (resource.RLIMIT_DATA, 1024, "data size (KiB)"),
    "f": (resource.RLIMIT_FSIZE, 512, "file size (512-byte blocks)"),
    "n": (resource.RLIMIT_NOFILE, 1, "open descriptors"),
    "s": (resource.RLIMIT_STACK, 1024, "stack size (KiB)"),
    "t": (resource.RLIMIT_CPU, 1, "processor time (seconds)"),
    "u": (resource.RLIMIT_NPROC, 1, "processes of this user"),
    "v": (resource.RLIMIT_AS, 1024, "address space (KiB)"),
}
"""Letter → the limit, what it is counted in, and how it is called."""


@builtin("ulimit", usage="ulimit [-H | -S] [-a | -cdfnstuv] [limit]")
def ulimit(shell: Shell, words: Sequence[Field]) -> int:
    """Show or set what this shell and its children may use; `unlimited` lifts a limit, -a shows all.

    -f (files, the default), -c core files, -d data, -n descriptors, -s stack, -t time, -u processes, -v memory.
    -S is the limit in force, -H how far that may be raised; without either both are set, and -S is shown.
    A builtin because each process has its own.  POSIX.1-2024 XCU ulimit.
    """
    letters, operands = split_options(words, f"aHS{''.join(KINDS)}")
    if "a" in letters:
        for letter, (_, _, meaning) in KINDS.items():
            shell.write(f"-{letter}: {meaning:<32}{shown(shell, letter, 'H' in letters)}\n")
        return 0
    chosen = next((letter for letter in reversed(letters) if letter in KINDS), "f")
    if not operands:
        shell.write(f"{shown(shell, chosen, 'H' in letters and 'S' not in letters)}\n")
    else:
        set_limit(shell, chosen, operands[0], letters)
    return 0


def shown(shell: Shell, letter: str, hard: bool) -> str:
    kind, unit, _ = KINDS[letter]
    limit = shell.kernel.getrlimit(kind)[hard]
    return "unlimited" if limit == resource.RLIM_INFINITY else str(limit // unit)


def set_limit(shell: Shell, letter: str, word: Field, letters: str) -> None:
    kind, unit, _ = KINDS[letter]
    count = small_number(word)
    if count is None and word != "unlimited":
        raise UsageProblem(f"{word or 'nothing'} is neither a number nor unlimited", word)
    limit = resource.RLIM_INFINITY if count is None else count * unit
    soft, hard = shell.kernel.getrlimit(kind)
    both = not {"H", "S"} & {*letters}
    wanted = limit if both or "S" in letters else soft, limit if both or "H" in letters else hard
    try:
        shell.kernel.setrlimit(kind, wanted)
    except (OSError, ValueError, OverflowError) as refusal:
        raise BuiltinProblem(f"this limit cannot be set to {word}: {refusal}", word) from None


@builtin("times", usage="times", special=True, no_options=True)
def times(shell: Shell, words: Sequence[Field]) -> int:
    """Show the processor time used: by the shell, then by its children; in user code, then in the kernel for it.

    A builtin because only the shell knows its own.  POSIX.1-2024 XCU times.
    """
    used = shell.kernel.times()
    shell.write(f"{minutes(used[0])} {minutes(used[1])}\n{minutes(used[2])} {minutes(used[3])}\n")
    return 0


def minutes(seconds: float) -> str:
    return f"{int(seconds // 60)}m{seconds % 60:.3f}s"
