"""Sphinx: the site is this repository's `docs/` and `lessons/`.  `minishell-lessons site` builds it.

Nothing is fetched, when building or when reading; every warning is an error; two builds give the same bytes.
"""

import importlib.metadata
import re
import textwrap
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from sphinx.application import Sphinx

from minishell.lessons.lexer import SessionLexer
from minishell.lessons.site import beliefs, course, drawing, path, taught

project = "minishell"
author = "the minishell authors"
version = release = importlib.metadata.version("minishell")

root_doc = "docs/index"
include_patterns = ["docs/**", "lessons/**"]
templates_path = ["docs/_templates"]

globals().update(course.settings(project))  # how the pages look, ours and those of any course
extensions = ["notfound.extension", "sphinx_copybutton"]
exclude_patterns = ["docs/_*"]
copyright = "the minishell authors; MIT licence"
html_show_copyright = True
html_static_path = ["docs/_static"]
html_favicon = "docs/_static/favicon.svg"
html_additional_pages = {"index": "landing.html"}
notfound_urls_prefix = "/"  # the page may be shown at any address, so its own links begin at the top
notfound_context = {
    "title": "No such page",
    "body": "<h1>No such page</h1><p>There is nothing at this address: <code>ENOENT</code>, as the kernel would say."
    " The search on the left, or <a href='/index.html'>the first page</a>, will lead you on.</p>",
}

epub_basename = epub_identifier = epub_uid = "minishell"
epub_scheme = "ID"
epub_description = "The shell that shows its work: lessons in which every example was really run"
epub_css_files = ["book.css", "minishell.css"]
epub_show_urls = "no"


HERE = Path(__file__).parent
SESSION = re.compile(r"\.\. code-block:: minishell\n\n((?: {3}.*\n|\n)+)")


def recorded_sessions(page: str) -> list[str]:
    """The recorded sessions of a page, in colours."""
    recorded = SESSION.findall((HERE / page).read_text())
    return [
        highlight(textwrap.dedent(session).strip() + "\n", SessionLexer(), HtmlFormatter(nowrap=True))
        for session in recorded
    ]


def setup(app: Sphinx) -> None:
    """Register what the pages need."""
    app.add_lexer("minishell", SessionLexer)
    for part in (beliefs, drawing, path, taught):
        part.setup(app)
    app.connect("html-page-context", furnish)


def furnish(app: Sphinx, pagename: str, templatename: str, context: dict[str, object], doctree: object) -> None:
    """Give the landing page what was really run, and the learning path."""
    if pagename == "index":
        context["sessions"] = recorded_sessions("docs/index.rst")
        context["picture"] = (HERE / "lessons/22-pipelines/ls-wc.svg").read_text()
        context["parts"] = path.parts(app.env)
        context["title_of"] = lambda page: app.builder.render_partial(app.env.titles[page])["title"]
