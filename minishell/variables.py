"""Shell variables, and the environment made of those that are exported.  POSIX.1-2024 XCU 2.5.3."""

from __future__ import annotations

from minishell.errors import AssignmentProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from minishell.source import Span
    from minishell.syntax.tree import Assignment

DEFAULTS = {"IFS": " \t\n", "PS2": "> ", "PS4": "+ ", "OPTIND": "1"}


class Variables:
    """Names and values.  A name may be exported or readonly before it has a value."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        inherited = {name: value for name, value in environment.items() if name.isidentifier() and name.isascii()}
        never_inherited = {name: DEFAULTS[name] for name in ("IFS", "OPTIND")}  # XCU 2.5.3, getopts
        self.values = {**DEFAULTS, **inherited, **never_inherited}
        self.foreign = {name: value for name, value in environment.items() if name not in inherited}
        self.exported = set(inherited)
        self.readonly: set[str] = set()
        self.get = self.values.get
        self.made: dict[str, str] | None = None
        self.found: dict[str, str] = {}
        """Where PATH search has found commands; it is forgotten whenever PATH is set"""

    def copy(self) -> Variables:
        """The same names and values, to be changed on their own."""
        copy = Variables.__new__(Variables)
        copy.__dict__.update(self.__dict__)
        copy.values, copy.exported, copy.readonly = dict(self.values), set(self.exported), set(self.readonly)
        copy.get = copy.values.get
        return copy

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def set(self, name: str, value: str, span: Span | None = None, *, export: bool = False) -> None:
        if name in self.readonly:
            raise AssignmentProblem(f"{name} is readonly", span)
        self.values[name] = value
        if export:
            self.exported.add(name)
        if name in self.exported:
            self.made = None
        if name == "PATH":
            self.found = {}

    def unset(self, name: str, span: Span | None = None) -> None:
        if name in self.readonly:
            raise AssignmentProblem(f"{name} is readonly", span)
        self.values.pop(name, None)
        self.exported.discard(name)
        self.made = None
        if name == "PATH":
            self.found = {}

    def export(self, *names: str) -> None:
        self.exported.update(names)
        self.made = None

    def kept(self, assignments: Iterable[Assignment]) -> Kept:
        """`with variables.kept(…):` what is assigned inside is undone at the end."""
        return Kept(self, {assignment.name for assignment in assignments})

    def environment(self) -> dict[str, str]:
        """What a new program gets.  Names that no shell variable can have are passed on untouched."""
        if self.made is None:
            mine = {name: self.values[name] for name in self.values if name in self.exported}
            self.made = {**self.foreign, **mine}
        return self.made


class Kept:
    """The values of some variables, and whether they are exported, to be put back."""

    def __init__(self, variables: Variables, names: Iterable[str]) -> None:
        self.variables = variables
        self.before = [(name, variables.get(name), name in variables.exported) for name in names]

    def __enter__(self) -> None:
        pass

    def __exit__(self, *problem: object) -> None:
        for name, value, exported in self.before:
            if value is None:
                self.variables.values.pop(name, None)
            else:
                self.variables.values[name] = value
            if not exported:
                self.variables.exported.discard(name)
            self.variables.made = None
            if name == "PATH":
                self.variables.found = {}
