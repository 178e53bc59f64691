"""Results as text: blocks while the bench runs, a reStructuredText table for the page, JSON for machines."""

from __future__ import annotations

import json
import os
import platform
from typing import TYPE_CHECKING

from bench.shells import SUBJECT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.rounds import Result, Target


def block(result: Result) -> str:
    """One measure: everybody's number, how minishell compares, and whether that is good enough."""
    lines = [result.measure.title]
    lines += [f"    {name:10} {contestant(result, name)}" for name in result.samples]
    lines += [f"    {verdict(result, target)}" for target in result.measure.targets]
    return "\n".join(lines)


def contestant(result: Result, name: str) -> str:
    """One contestant's number, and minishell's ratio to it."""
    value = result.value(name)
    if value is None:
        return "-  " + result.failures.get(name, "not measured")
    text = f"{value:9.2f} {result.measure.unit}"
    ratio = result.ratio(SUBJECT, name)
    return text if name == SUBJECT or ratio is None else f"{text}   minishell takes {figures(ratio)} × that"


def verdict(result: Result, target: Target) -> str:
    """Whether minishell reaches the target, and the aim beyond it."""
    value = measured(result, target)
    if value is None:
        return f"target {wanted(result, target)}: not measured"
    reached = "reached" if value <= target.at_most else "MISSED"
    return f"target {wanted(result, target)}: {reached} with {figures(value)}{aim(value, target)}"


def measured(result: Result, target: Target) -> float | None:
    """The number the target is about."""
    return result.ratio(SUBJECT, target.against) if target.against else result.value(SUBJECT)


def wanted(result: Result, target: Target) -> str:
    """The target in words."""
    return f"≤ {target.at_most:g} {'× ' + target.against if target.against else result.measure.unit}"


def aim(value: float, target: Target) -> str:
    """What is said about the aim, if there is one."""
    if target.aim is None:
        return ""
    return f" (aim {target.aim:g} {'reached' if value <= target.aim else 'not yet'})"


def figures(value: float) -> str:
    """A ratio, with as many digits as mean something."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:.{digits}f}"


def table(results: Sequence[Result]) -> str:
    """A reStructuredText list-table: a row for each measure, a column for each contestant."""
    names = list(dict.fromkeys(name for result in results for name in result.samples))
    rows = [["measure", *names, "target"]]
    rows += [[result.measure.title, *(cell(result, name) for name in names), targets(result)] for result in results]
    lines = [f".. {machine()}", "", ".. list-table::", "   :header-rows: 1", ""]
    lines += [("   * - " if at == 0 else "     - ") + text for row in rows for at, text in enumerate(row)]
    return "\n".join(lines) + "\n"


def cell(result: Result, name: str) -> str:
    """A number, and in brackets how minishell compares."""
    value, ratio = result.value(name), result.ratio(SUBJECT, name)
    if value is None:
        return "–"
    text = f"{figures(value)} {result.measure.unit}"
    return text if name == SUBJECT or ratio is None else f"{text} ({figures(ratio)} ×)"


def targets(result: Result) -> str:
    """All targets of a measure, and what became of them."""
    return "; ".join(verdict(result, target).removeprefix("target ") for target in result.measure.targets) or "–"


def as_json(results: Sequence[Result]) -> str:
    """Every sample, in the order taken, and the machine."""
    measures = [
        {
            "name": result.measure.name,
            "title": result.measure.title,
            "unit": result.measure.unit,
            "samples": result.samples,
            "failures": result.failures,
            "targets": [
                {"at_most": target.at_most, "against": target.against, "measured": measured(result, target)}
                for target in result.measure.targets
            ],
        }
        for result in results
    ]
    return json.dumps({"machine": machine(), "measures": measures}, indent=1) + "\n"


def machine() -> str:
    """The machine in one line: kernel, processors, Python, load."""
    load = os.getloadavg()[0]
    python = f"Python {platform.python_version()}"
    return f"Linux {platform.release()}, {os.cpu_count()} processors, {python}, load {load:.1f}"
