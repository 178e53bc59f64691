"""Sphinx: the site is this repository's `docs/` and `lessons/`.  `minishell-lessons site` builds it.

Nothing is fetched, when building or when reading; every warning is an error; two builds give the same bytes.
"""

import re
import textwrap
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from sphinx.application import Sphinx

from minishell.lessons.lexer import SessionLexer
from minishell.lessons.site import beliefs
from minishell.lessons.site.drawing import Timeline

project = "minishell"
author = "the minishell authors"
copyright = "the minishell authors; MIT licence"

root_doc = "docs/index"
include_patterns = ["docs/**", "lessons/**"]
exclude_patterns = ["docs/_*", "lessons/*/exercises/**"]
templates_path = ["docs/_templates"]

extensions = ["sphinx_copybutton"]
nitpicky = True
manpages_url = "https://man7.org/linux/man-pages/man{section}/{page}.{section}.html"
highlight_language = "python3"

html_theme = "furo"
html_title = "minishell"
html_static_path = ["docs/_static"]
html_css_files = ["minishell.css"]
html_js_files = [("timeline.js", {"defer": "defer"})]
html_favicon = "docs/_static/favicon.svg"
html_additional_pages = {"index": "landing.html"}
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_use_index = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b6e4f", "color-brand-content": "#0b6e4f"},
    "dark_css_variables": {"color-brand-primary": "#57c99f", "color-brand-content": "#57c99f"},
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

# The copy button takes what was typed: neither prompts nor output.
copybutton_exclude = ".linenos, .gp, .go"
copybutton_only_copy_prompt_lines = True


HERE = Path(__file__).parent
SESSION = re.compile(r"\.\. code-block:: minishell\n\n((?: {3}.*\n|\n)+)")


def first_session(page: str) -> str:
    """The first recorded session of a page, in colours."""
    recorded = SESSION.search((HERE / page).read_text())
    if recorded is None:
        return ""
    return highlight(textwrap.dedent(recorded[1]).strip() + "\n", SessionLexer(), HtmlFormatter(nowrap=True))


def setup(app: Sphinx) -> None:
    """Register what the lessons need."""
    app.add_directive("timeline", Timeline)
    beliefs.setup(app)
    app.add_lexer("minishell", SessionLexer)
    app.connect("html-page-context", furnish)


def furnish(app: Sphinx, pagename: str, templatename: str, context: dict[str, object], doctree: object) -> None:
    """Give the landing page what was really run: a session and a picture."""
    if pagename == "index":
        context["session"] = first_session("docs/index.rst")
        context["picture"] = (HERE / "lessons/22-pipelines/ls-wc.svg").read_text()
