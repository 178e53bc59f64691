"""Render a journal: tables for spreadsheets and gradebooks, a page for people.  Equal journals give equal bytes."""

from __future__ import annotations

import csv
import io
import json
from html import escape
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape as xml_escape
from xml.sax.saxutils import quoteattr

from minishell.classroom import verdict
from minishell.classroom.text import for_csv, for_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Result = dict[str, Any]
COLUMNS = ("submission", "exercise", "verdict", "score", "max", "case", "line", "sentence", "tier")


def write(folder: Path, results: Iterable[Result]) -> list[Path]:
    """Write every form of report; the files."""
    ordered = sorted(results, key=lambda each: (each["submission"], each["exercise"]))
    files = {
        "results.csv": as_csv(ordered),
        "junit.xml": as_junit(ordered),
        "report.html": as_html(ordered),
    }
    for learner in sorted({each["submission"] for each in ordered}):
        own = [each for each in ordered if each["submission"] == learner]
        files[f"gradescope/{learner}/results.json"] = as_gradescope(own)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.new")
        partial.write_text(text, encoding="utf-8", errors="backslashreplace")
        partial.replace(path)
    return [folder / name for name in files]


def blamed(result: Result) -> dict[str, Any]:
    """The case that decided the verdict; the first one if all passed."""
    cases: Sequence[dict[str, Any]] = result["cases"]
    return next((each for each in cases if each["verdict"] == result["verdict"]), cases[0])


def as_csv(results: Sequence[Result]) -> str:
    """One row for each submission of an exercise."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in results:
        case = blamed(each)
        row = [each["submission"], each["exercise"], each["verdict"], number(each["score"]), number(each["max"])]
        row += [
            case["name"] if case["verdict"] != verdict.PASS else "",
            case["line"] or "",
            case["sentence"],
            each["tier"],
        ]
        writer.writerow([for_csv(str(field)) for field in row])
    return text.getvalue()


def as_junit(results: Sequence[Result]) -> str:
    """A suite for each submission, a test case for each case; our own errors are errors, not failures."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for each in results:
        cases = each["cases"]
        errors = sum(case["verdict"] == verdict.INTERNAL for case in cases)
        failures = sum(case["verdict"] not in (verdict.INTERNAL, verdict.PASS) for case in cases)
        name = attribute(f"{each['submission']}/{each['exercise']}")
        lines.append(f'<testsuite name={name} tests="{len(cases)}" failures="{failures}" errors="{errors}">')
        lines += [element(each, case) for case in cases]
        lines.append("</testsuite>")
    return "\n".join([*lines, "</testsuites>", ""])


def element(result: Result, case: dict[str, Any]) -> str:
    """One test case of JUnit."""
    head = f"<testcase classname={attribute(result['exercise'])} name={attribute(case['name'])}"
    if case["verdict"] == verdict.PASS:
        return f"{head}/>"
    kind = "error" if case["verdict"] == verdict.INTERNAL else "failure"
    told = f"type={attribute(case['verdict'])} message={attribute(case['sentence'])}"
    return f"{head}><{kind} {told}>{xml_escape(for_xml(case['actual']))}</{kind}></testcase>"


def attribute(text: str) -> str:
    return quoteattr(for_xml(text))


def as_gradescope(results: Sequence[Result]) -> str:
    """The results.json that Gradescope reads, for one learner."""
    tests = [
        {
            "name": f"{each['exercise']}: {case['name']}",
            "status": "passed" if case["verdict"] == verdict.PASS else "failed",
            "score": case["points"],
            "max_score": case["max"],
            "output": case["sentence"],
            "visibility": "visible" if case["visibility"] == "visible" else "hidden",
            "tags": [case["verdict"]],
        }
        for each in results
        for case in each["cases"]
    ]
    whole = {"score": sum(each["score"] for each in results), "tests": tests, "stdout_visibility": "hidden"}
    return json.dumps(whole, indent=2, sort_keys=True) + "\n"


def as_html(results: Sequence[Result]) -> str:
    """One page without any script: the class as a table, then each learner."""
    learners = sorted({each["submission"] for each in results})
    exercises = sorted({each["exercise"] for each in results})
    found = {(each["submission"], each["exercise"]): each for each in results}
    head = "".join(f"<th scope=col>{escape(each)}</th>" for each in exercises)
    rows = "".join(
        f'<tr><th scope=row><a href="#l{place}">{escape(learner)}</a></th>'
        + "".join(cell(found.get((learner, each))) for each in exercises)
        + "</tr>"
        for place, learner in enumerate(learners)
    )
    parts = [STYLE, "<h1>Results</h1>", summary(results)]
    parts.append(f"<table><thead><tr><th scope=col>learner</th>{head}</tr></thead><tbody>{rows}</tbody></table>")
    for place, learner in enumerate(learners):
        parts.append(f'<h2 id="l{place}">{escape(learner)}</h2>')
        parts += [details(found[learner, each]) for each in exercises if (learner, each) in found]
    return "\n".join([PAGE, *parts, "</main></body></html>", ""])


def cell(result: Result | None) -> str:
    if result is None:
        return "<td>–</td>"
    return (
        f'<td class="{result["verdict"]}">{number(result["score"])}/{number(result["max"])} {result["verdict"]}</td>'
    )


def summary(results: Sequence[Result]) -> str:
    """How many of each verdict; our own errors first, because somebody has to look at them."""
    order = (verdict.INTERNAL, *(each for each in verdict.VERDICTS if each != verdict.INTERNAL))
    counts = [(each, sum(result["verdict"] == each for result in results)) for each in order]
    return "<p>" + " · ".join(f"{count} {name}" for name, count in counts if count) + "</p>"


def details(result: Result) -> str:
    """The cases of one submission."""
    items = []
    for case in result["cases"]:
        where = f" (line {case['line']})" if case["line"] else ""
        text = f"<b>{case['verdict']}</b> {escape(case['name'])}: {number(case['points'])}/{number(case['max'])}"
        text += f"<br>{escape(for_xml(case['sentence']))}{where}" if case["sentence"] else ""
        if case["verdict"] != verdict.PASS and case["actual"]:
            printed = escape(for_xml(case["actual"][:2000]))
            text += f"<details><summary>what it printed</summary><pre>{printed}</pre></details>"
        items.append(f"<li>{text}</li>")
    return f"<h3>{escape(result['exercise'])}</h3><ul>{''.join(items)}</ul>"


def number(value: float) -> str:
    return f"{value:g}"


PAGE = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Results</title></head><body><main>'
STYLE = """<style>
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5 }
main { max-width: 60rem; margin: 2rem auto; padding: 0 1rem } table { border-collapse: collapse }
th, td { text-align: left; padding: .3rem .7rem }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent) }
td.pass { color: light-dark(#176117, #7fd07f) } td.internal-error { font-weight: bold }
td:not(.pass) { color: light-dark(#8a2f00, #ffb48a) }
pre { overflow-x: auto; border-left: 3px solid; padding-left: 1rem }
</style>"""
