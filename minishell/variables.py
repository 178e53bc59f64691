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
        self.noted = {"IFS", "PATH", *inherited}
        """Names that are more than a name and a value; a loop sets others a hundred thousand times"""
        self.get = self.values.get
        self.usual_ifs = True
        """Whether fields are split at blanks, tabs and newlines, as nearly always"""
        self.made: dict[str, str] | None = None
        self.found: dict[str, str] = {}
        """Where PATH search has found commands; it is forgotten whenever PATH is set"""

    def copy(self) -> Variables:
        """The same names and values, to be changed on their own."""
        copy, values = Variables.__new__(Variables), dict(self.values)
        copy.__dict__.update(self.__dict__)
        copy.values, copy.get = values, values.get
        copy.exported, copy.readonly, copy.noted = set(self.exported), set(self.readonly), set(self.noted)
        return copy

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def set(self, name: str, value: str, span: Span | None = None, *, export: bool = False) -> None:
        if not export and name not in self.noted:
            self.values[name] = value
            return
        self.refuse_readonly(name, span)
        self.values[name] = value
        if export:
            self.export(name)
        self.changed(name)

    def unset(self, name: str, span: Span | None = None) -> None:
        self.refuse_readonly(name, span)
        self.values.pop(name, None)
        self.changed(name)
        self.exported.discard(name)

    def refuse_readonly(self, name: str, span: Span | None) -> None:
        if name in self.readonly:
            raise AssignmentProblem(f"{name} is readonly", span)

    def changed(self, name: str) -> None:
        """Forget what was made of the value before."""
        if name in self.exported:
            self.made = None
        if name == "PATH":
            self.found = {}
        elif name == "IFS":
            self.usual_ifs = self.get("IFS") == DEFAULTS["IFS"]

    def export(self, *names: str) -> None:
        self.exported.update(names)
        self.noted.update(names)
        self.made = None

    def protect(self, name: str) -> None:
        """Let the variable be readonly from now on."""
        self.readonly.add(name)
        self.noted.add(name)

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
            self.variables.changed(name)
            if not exported:
                self.variables.exported.discard(name)
