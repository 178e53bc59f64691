"""The learning path: which lessons there are, found by looking, and what each says of itself.

.. lessons:: 01 19

shows a card for each lesson with a number from 01 to 19: its title, and the first sentence of its page.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from minishell.lessons.library import NUMBERED

SENTENCE = re.compile(r".+?[.?!](?=\s+[^a-z]|$)")  # "e.g." is not the end of one


class Lesson(NamedTuple):
    """A lesson's page, and the number that its folder begins with."""

    number: str
    page: str


def lessons(env: BuildEnvironment, first: str = "00", last: str = "99") -> list[Lesson]:
    """The lessons with a number from `first` to `last`, in their order."""
    found = []
    for page in sorted(env.found_docs):
        match page.split("/"):
            case ["lessons", folder, "index"] if (named := NUMBERED.fullmatch(folder)) and first <= named[1] <= last:
                found.append(Lesson(named[1], page))
    return found


def parts(env: BuildEnvironment) -> dict[str, list[Lesson]]:
    """The pages that stand for the parts of the path, and the lessons of each."""
    every = lessons(env)
    found = {part: [each for each in every if each.page in pages] for part, pages in env.toctree_includes.items()}
    return {part: inside for part, inside in found.items() if inside}


class Lessons(SphinxDirective):
    """Cards for some lessons, which are the next pages of the site too."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Cards with nothing but the name of the page on them: it may not have been read yet."""
        chosen = lessons(self.env, *self.arguments)
        if not chosen:
            return []
        tree = "".join(f"   /{lesson.page}\n" for lesson in chosen)
        cards = nodes.bullet_list(classes=["cards"])
        cards += [nodes.list_item(lesson=lesson) for lesson in chosen]
        return [*self.parse_text_to_nodes(f".. toctree::\n   :hidden:\n\n{tree}"), cards]


def resolve(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Write onto each card what the lesson says of itself, and above a lesson's title where it belongs."""
    for card in doctree.findall(nodes.list_item):
        if "lesson" in card:
            number, target = card["lesson"]
            title = app.env.titles[target].deepcopy().children
            address = app.builder.get_relative_uri(page, target)
            label = nodes.inline("", number, classes=["card-number"])
            heading = nodes.reference("", "", *title, refuri=address, internal=True)
            card += nodes.paragraph("", "", label, nodes.Text(" "), heading, classes=["card-title"])
            card += nodes.paragraph("", summary(app.env, target))
    for part, inside in parts(app.env).items():
        if page in [lesson.page for lesson in inside]:
            address = app.builder.get_relative_uri(page, part)
            link = nodes.reference("", "", *app.env.titles[part].deepcopy().children, refuri=address, internal=True)
            doctree[0].insert(0, nodes.paragraph("", "", link, classes=["part"]))


def summary(env: BuildEnvironment, page: str) -> str:
    """The first sentence of a page."""
    return next(sentences(env.get_doctree(page)), "")


def sentences(doctree: nodes.document) -> Iterator[str]:
    """The first sentence of each paragraph."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = paragraph.astext().replace("\n", " ")
        found = SENTENCE.match(text)
        yield found[0] if found else text


def setup(app: Sphinx) -> None:
    """Register the directive, and what writes the cards in the end."""
    app.add_directive("lessons", Lessons)
    app.connect("doctree-resolved", resolve)
