"""Marks: a program says, in its own stream of system calls, what makes it do the next ones.

A mark is `access("@minishell:line 12", MARK_MODE)`.  The call has no effect (its mode is impossible, so the
kernel answers EINVAL before it looks at the path) but whoever watches the calls sees it, in order with all
others.

Run as a program, `python -m minishell.trace.marks SCRIPT ARGUMENT…` (or by path) runs a Python script with one
mark before each line.  The mark `begin` ends the interpreter's own start, `end` begins its own end.  This file
imports nothing of the project, so that it can run by path.
"""

from __future__ import annotations

import os
import sys
from types import CodeType, FrameType, ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from minishell.source import Span

MARK_MODE = 0x6D73  # "ms"
MARK_SIGN = "@minishell:"
MOST_TEXT = 80  # characters of a part of a line
BEGIN = "begin"  # what was done before is not to be told


def mark(text: str) -> None:
    """Leave a mark for whoever watches."""
    os.access(MARK_SIGN + text, MARK_MODE)


def because(span: Span) -> str:
    """What a shell marks before it carries out this part of its line."""
    return f"span {span.start}-{span.end}: {span.text[:MOST_TEXT]}"


def run(script: str) -> None:
    """Run a script as `python SCRIPT` would, with a mark before each of its lines."""
    path = os.path.abspath(script)
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec")
    sys.path[0] = os.path.dirname(path)
    module = ModuleType("__main__")
    module.__file__ = path
    sys.modules["__main__"] = module
    sys.excepthook = _show_only_the_script
    _look_for_modules()
    _run_marked(code, module.__dict__)


def _run_marked(code: CodeType, names: dict[str, Any]) -> None:
    mark(BEGIN)
    sys.settrace(_line_marker(code.co_filename))
    try:
        exec(code, names)
    finally:
        sys.settrace(None)
        mark("end")


def _look_for_modules() -> None:
    """Let the import system list its folders now, so that it will not look like something the script does."""
    for finder in sys.meta_path:
        finder.find_spec("no_module_has_this_name", None)


def _line_marker(path: str) -> Callable[[FrameType, str, Any], Any]:
    """A trace function (sys.settrace) that marks every line of the file `path`, and of no other."""

    def each_line(frame: FrameType, event: str, argument: object) -> Any:
        if event == "line":
            mark(f"line {frame.f_lineno}")
        return each_line

    def each_call(frame: FrameType, event: str, argument: object) -> Any:
        return each_line if frame.f_code.co_filename == path else None

    return each_call


def _show_only_the_script(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    """Show a traceback as if the script had run alone: without the frames of this file."""
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    sys.__excepthook__(kind, problem.with_traceback(trace), trace)


if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    run(sys.argv[0])
