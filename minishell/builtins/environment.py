"""export, readonly, unset and env: variables, and which of them programs get."""

from __future__ import annotations

from minishell.builtins.options import split_options
from minishell.builtins.registry import builtin
from minishell.errors import UsageProblem
from minishell.syntax.names import is_name
from minishell.syntax.quoting import assignment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from minishell.shell import Shell
    from minishell.source import Field


@builtin("export", usage="export [-p] [name[=value] ...]", special=True)
def export(shell: Shell, words: Sequence[Field]) -> int:
    """Give variables to every program started from now on; without a name, list them so that they can be read back.

    A builtin because the environment is copied to children, never back.  POSIX.1-2024 XCU export.
    """
    return declare(shell, words, "export", shell.variables.exported, shell.variables.export)


@builtin("readonly", usage="readonly [-p] [name[=value] ...]", special=True)
def readonly(shell: Shell, words: Sequence[Field]) -> int:
    """Let variables keep their values: whoever assigns them gets an error; without a name, list them.

    A builtin because variables are the shell's own.  POSIX.1-2024 XCU readonly.
    """
    return declare(shell, words, "readonly", shell.variables.readonly, shell.variables.protect)


def declare(
    shell: Shell, words: Sequence[Field], command: str, marked: Collection[str], mark: Callable[[str], object]
) -> int:
    """Assign and mark the variables named, or list those that are marked as `command`s."""
    _, operands = split_options(words, "p")
    for word in operands:
        name, equals, value = word.partition("=")
        refuse_bad_name(name, word)
        if equals:
            shell.variables.set(name, value, word.span, export="allexport" in shell.options)
        mark(name)
    for name in [] if operands else sorted(marked):
        now = shell.variables.get(name)
        shell.write(f"{command} {name if now is None else assignment(name, now)}\n")
    return 0


def refuse_bad_name(name: str, word: Field) -> None:
    if not is_name(name):
        raise UsageProblem(f"{name or 'nothing'} is not a name a variable can have", word)


@builtin("unset", usage="unset [-v | -f] name ...", special=True)
def unset(shell: Shell, words: Sequence[Field]) -> int:
    """Remove variables, or functions with -f: afterwards a variable is unset, which is not the same as empty.

    A builtin because a child could remove only its own.  POSIX.1-2024 XCU unset.
    """
    given, operands = split_options(words, "vf")
    for word in operands:
        refuse_bad_name(word, word)
        if given.endswith("f"):
            shell.functions.pop(word, None)
            continue
        shell.variables.unset(word, word.span)
    return 0


@builtin("env", usage="env [-i] [-u name] [name=value ...] [command [argument ...]]")
def env(shell: Shell, words: Sequence[Field]) -> int:
    """Run a command in a changed environment; without one, print the environment.

    -i starts with an empty one, -u leaves a variable out.  The program of this name does the same; the builtin
    shows what the shell would pass on without starting anything.  POSIX.1-2024 XCU env.
    """
    from minishell.run.environment import read_environment, spelled, stage_of
    from minishell.run.pipeline import finish, start

    environment, command = read_environment(shell, list(words))
    if command:
        stages = (stage_of(shell, environment, command),)
        return finish(shell, start(shell, spelled(command), stages, foreground=True))
    for name, value in environment.items():
        shell.write(f"{name}={value}\n")
    return 0
