"""Sphinx: the site is this repository's `docs/` and `lessons/`.  `minishell-lessons site` builds it.

Nothing is fetched, when building or when reading; every warning is an error; two builds give the same bytes.
"""

from pathlib import Path

from sphinx.application import Sphinx

from minishell.lessons.drawing import Timeline
from minishell.lessons.lexer import SessionLexer

project = "minishell"
author = "the minishell authors"
copyright = "the minishell authors; MIT licence"

root_doc = "docs/index"
include_patterns = ["docs/**", "lessons/**"]
exclude_patterns = ["docs/_*", "lessons/*/exercises/**"]
templates_path = ["docs/_templates"]

extensions = ["sphinx_copybutton"]
nitpicky = True
highlight_language = "python3"

html_theme = "furo"
html_title = "minishell"
html_static_path = ["docs/_static"]
html_css_files = ["minishell.css"]
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


def picture(name: str) -> str:
    """The drawing called `name`, for the landing page."""
    return Path(__file__).with_name("lessons").joinpath(name).read_text()


def setup(app: Sphinx) -> None:
    """Register what the lessons need."""
    app.add_directive("timeline", Timeline)
    app.add_lexer("minishell", SessionLexer)
    app.connect("html-page-context", furnish)


def furnish(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, object], doctree: object
) -> None:
    """Give the landing page its picture."""
    if pagename == "index":
        context["pipeline_picture"] = picture("22-pipelines/pipeline.svg")
