"""The manuals and the lessons, joined both ways.

:builtin:`jobs`, :call:`dup2` and :error:`CommandNotFound` lead from a lesson to what the manual says, and under each
section of a manual stand the lessons that lead there.
"""

from collections import defaultdict

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxRole

from minishell.lessons.manual import anchor
from minishell.lessons.site.path import lessons

KINDS = ("builtin-", "call-", "error-")


class ManualRole(SphinxRole):
    """A name as a link to its section in a manual."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """A reference that Sphinx resolves, and complains about if there is no such section."""
        target = anchor(self.name, self.text)
        reference = pending_xref(
            "", nodes.literal("", self.text), refdomain="std", reftype="ref", reftarget=target, refexplicit=True
        )
        reference["refwarn"] = True
        self.set_source_info(reference)
        return [reference], []


def resolve(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """End each section of a manual with the lessons that lead to it."""
    sections = {name: section for section in doctree.findall(nodes.section) for name in section["ids"]}
    labels = app.env.domains.standard_domain.anonlabels
    here = {label: place for label, (where, place) in labels.items() if where == page and label.startswith(KINDS)}
    if not here:
        return
    leading = pages_leading_to(app.env)
    for label, place in here.items():
        links: list[nodes.Node] = []
        for lesson in leading[label]:
            title = app.env.titles[lesson].deepcopy().children
            address = app.builder.get_relative_uri(page, lesson)
            links += [nodes.Text(", " if links else "Lessons: ")]
            links += [nodes.reference("", "", *title, refuri=address, internal=True)]
        if links:
            sections[place] += nodes.paragraph("", "", *links, classes=["taught"])


def pages_leading_to(env: BuildEnvironment) -> dict[str, list[str]]:
    """The lessons with a link to each section of a manual."""
    found: dict[str, list[str]] = defaultdict(list)
    for lesson in lessons(env):
        for reference in env.get_doctree(lesson.page).findall(pending_xref):
            if lesson.page not in found[reference["reftarget"]]:
                found[reference["reftarget"]].append(lesson.page)
    return found


def setup(app: Sphinx) -> None:
    """Register the roles, and what writes the lists of lessons in the end."""
    for kind in KINDS:
        app.add_role(kind.rstrip("-"), ManualRole())
    app.connect("doctree-resolved", resolve)
