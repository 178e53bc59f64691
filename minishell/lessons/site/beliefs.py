"""What many people believe: the boxes in the lessons, and the page that lists them all.

.. belief:: 28
   …that the first program finishes, and then the second begins

   The run that shows otherwise.

.. beliefs::

   28 Of two programs joined by a bar, the first finishes before the second begins.

`beliefs` links each row to the boxes with its number, whatever page they are on.  Nothing is registered while pages
are read: when the list is written, all pages are there to be looked at.
"""

import re
from collections import defaultdict

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

NUMBERS = re.compile(r"\d+(?:,? +\d+)*")
ROW = re.compile(r"(\d+) +(.+)")


class Belief(SphinxDirective):
    """A box: its numbers, then on a line of its own what is believed, then what is so."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """The box, which can be linked to as `belief-28`."""
        numbers, _, belief = self.arguments[0].partition("\n")
        if not NUMBERS.fullmatch(numbers) or not belief or not self.content:
            raise self.error("belief wants its numbers, in the next line what is believed, then what is so")
        words, problems = self.state.inline_text(" ".join(belief.split()), self.lineno)
        box = nodes.admonition(classes=["belief"], beliefs=[int(number) for number in re.findall(r"\d+", numbers)])
        self.set_source_info(box)
        for number in box["beliefs"]:
            box["ids"].append(f"belief-{number}")
        self.state.document.note_explicit_target(box)
        box += [nodes.title("", "", *words, nodes.Text(" "), *map(row_of, box["beliefs"])), *problems]
        box += self.parse_content_to_nodes(allow_section_headings=False)
        return [box]


def row_of(number: int) -> nodes.Node:
    """A small number that leads to its row in the list."""
    label = nodes.inline("", str(number), classes=["belief-number"])
    return pending_xref(
        "", label, refdomain="std", reftype="ref", reftarget=f"belief-{number}", refexplicit=True, refwarn=True
    )


class Beliefs(SphinxDirective):
    """The list: on each line a number and a belief."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """One item for each line, which boxes can link to."""
        items = nodes.bullet_list(classes=["beliefs"])
        for place, line in enumerate(self.content):
            found = ROW.fullmatch(line)
            if found is None:
                raise self.error(f"a line of beliefs is a number and a belief, not {line!r}")
            number, belief = int(found[1]), found[2]
            words, problems = self.state.inline_text(belief, self.content_offset + place + 1)
            anchor = f"belief-{number}"
            self.env.domains.standard_domain.anonlabels[anchor] = (self.env.docname, anchor)
            label = nodes.inline("", found[1], classes=["belief-number"])
            text = nodes.paragraph("", "", label, nodes.Text(" "), *words)
            items += nodes.list_item("", text, *problems, ids=[anchor], belief=number)
        return [items]


def resolve(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Give each row of the list its links."""
    rows = [item for item in doctree.findall(nodes.list_item) if "belief" in item]
    if not rows:
        return
    shown = shown_in(app.env)
    for item in rows:
        links = [link(app, page, other, item["belief"]) for other in shown[item["belief"]]]
        item += [nodes.paragraph("", "", one, classes=["belief-shown"]) for one in links]


def shown_in(env: BuildEnvironment) -> dict[int, list[str]]:
    """The pages with a box for a belief, by its number."""
    found: dict[int, list[str]] = defaultdict(list)
    for page in sorted(env.found_docs):
        for box in env.get_doctree(page).findall(nodes.admonition):
            for number in box.get("beliefs", ()):
                found[number].append(page)
    return found


def link(app: Sphinx, here: str, page: str, number: int) -> nodes.Node:
    """A link from the list to a box, in the words of its page's title."""
    address = f"{app.builder.get_relative_uri(here, page)}#belief-{number}"
    return nodes.reference("", "", *app.env.titles[page].deepcopy().children, refuri=address, internal=True)


def setup(app: Sphinx) -> None:
    """Register the directives, and what fills the list in the end."""
    app.add_directive("belief", Belief)
    app.add_directive("beliefs", Beliefs)
    app.connect("doctree-resolved", resolve)
