"""The `timeline` directive of the site: a picture drawn from a real run, in the colours of the page.

.. timeline:: pipeline.svg
   :alt: what the picture shows, in a sentence

Where the page shows the whole of pipeline.py too, picture and script know each other: line 5 of the script is the
element `pipeline-py-5`, the picture says `data-script="pipeline-py"`, and docs/_static/timeline.js does the rest.
"""

import re
from pathlib import Path
from typing import ClassVar

from docutils import nodes  # type: ignore[import-untyped]
from docutils.parsers.rst import directives  # type: ignore[import-untyped]
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

OPENING = (
    '<figure class="timeline" data-script="{}">'
    '<div class="timeline-scroll" role="group" aria-label="Timeline" tabindex="0">'  # scrolls, so keys must reach it
)


class Timeline(SphinxDirective):
    """Inline the SVG beside the page, in a frame that scrolls where the screen is narrow."""

    required_arguments = 1
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """The figure, and a note to Sphinx that the page depends on the file."""
        if "alt" not in self.options:
            raise self.error("timeline needs the option :alt: for those who cannot see it")
        file = Path(self.env.doc2path(self.env.docname)).with_name(self.arguments[0])
        self.env.note_dependency(str(file))
        try:
            drawing = inline(file.read_text())
        except OSError as refusal:
            raise self.error(f"{self.arguments[0]}: {refusal.strerror}") from refusal
        return [
            nodes.raw("", OPENING.format(nodes.make_id(file.with_suffix(".py").name)), format="html"),
            nodes.raw("", drawing, format="html"),
            nodes.raw("", "</div><figcaption>", format="html"),
            nodes.paragraph("", "", nodes.Text(self.options["alt"])),
            nodes.raw("", "</figcaption></figure>", format="html"),
        ]


def inline(svg: str) -> str:
    """The `<svg>` element alone, without the XML declaration that may not stand inside a page."""
    return re.sub(r"^\s*(<\?xml[^>]*\?>|<!DOCTYPE[^>]*>|\s)*", "", svg)


def number_lines(app: Sphinx, doctree: nodes.document) -> None:
    """Make an element of each line of a script, where the page shows the whole script for the first time."""
    for block in doctree.findall(nodes.literal_block):
        script = Path(block.get("source", ""))  # only `literalinclude` tells it
        name = nodes.make_id(script.name)
        if (
            script.suffix == ".py"
            and name not in doctree.ids
            and block.astext().strip() == script.read_text().strip()
        ):
            block["ids"].append(name)
            doctree.ids[name] = block
            block["highlight_args"]["linespans"] = name


def setup(app: Sphinx) -> None:
    """Register the directive, and what numbers the lines of scripts."""
    app.add_directive("timeline", Timeline)
    app.connect("doctree-read", number_lines)
