"""A site of somebody's own lessons: the look of ours, and a list of the lessons for a first page.

A folder with a `conf.py` says itself how Sphinx is to build it.
"""

import shutil
from pathlib import Path
from typing import Any

from docutils import nodes  # type: ignore[import-untyped]
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from minishell.lessons import library
from minishell.lessons.lexer import SessionLexer
from minishell.lessons.site import beliefs, drawing, taught

CONF = "from minishell.lessons.site.course import settings, setup\n\nglobals().update(settings({title!r}))\n"
INDEX = """\
{title}
{line}

.. toctree::
   :maxdepth: 1

{pages}
"""


def stage(lessons: Path, target: Path) -> None:
    """Put into `target` what Sphinx builds the site from: a copy of the lessons, settings, and a first page."""
    shutil.copytree(lessons, target, ignore=shutil.ignore_patterns("__pycache__", ".*"), dirs_exist_ok=True)
    title = lessons.name.replace("-", " ").capitalize()
    if not (target / "conf.py").exists():
        (target / "conf.py").write_text(CONF.format(title=title))
    if not (target / "index.rst").exists():
        pages = "\n".join(f"   {lesson.folder.name}/index" for lesson in library.lessons(lessons))
        (target / "index.rst").write_text(INDEX.format(title=title, line="=" * len(title), pages=pages))


def settings(title: str) -> dict[str, Any]:
    """The settings of Sphinx that make the look, and every warning worth having."""
    green, light_green = "#0b6e4f", "#57c99f"
    return {
        "project": title,
        "html_title": title,
        "copyright": "",
        "extensions": ["sphinx_copybutton"],
        "exclude_patterns": ["*/exercises/**"],
        "nitpicky": True,
        "manpages_url": "https://man7.org/linux/man-pages/man{section}/{page}.{section}.html",
        "html_theme": "furo",
        "html_static_path": [str(static())],
        "html_css_files": ["minishell.css"],
        "html_js_files": [("page.js", {"defer": "defer"}), ("timeline.js", {"defer": "defer"})],
        "html_theme_options": {
            "light_css_variables": {
                "color-brand-primary": green,
                "color-brand-content": green,
                "color-code-background": "#f6f8f9",
            },
            "dark_css_variables": {"color-brand-primary": light_green, "color-brand-content": light_green},
        },
        "html_copy_source": False,
        "html_show_sphinx": False,
        "html_use_index": False,
        "html_show_sourcelink": False,
        "html_show_copyright": False,
        "pygments_style": "a11y-high-contrast-light",
        "pygments_dark_style": "a11y-high-contrast-dark",
        # The copy button takes what was typed: lines with a prompt, without it, and no output.
        "copybutton_exclude": ".linenos, .go",
        "copybutton_prompt_text": r"(?:minishell)?\$ |> ",
        "copybutton_prompt_is_regexp": True,
        "copybutton_copy_empty_lines": False,
    }


def static() -> Path:
    """Where the style sheet and the script of our pictures are: in a checkout, or in the installed package."""
    checkout = library.PACKAGE.parent.parent / "docs/_static"
    return checkout if checkout.exists() else Path(__file__).with_name("static")


def setup(app: Sphinx) -> None:
    """Register what the pages need."""
    app.add_lexer("minishell", SessionLexer)
    for part in (beliefs, drawing, taught):
        part.setup(app)
    app.connect("missing-reference", unlinked)


def unlinked(app: Sphinx, env: BuildEnvironment, node: pending_xref, words: nodes.TextElement) -> nodes.Node | None:
    """A course has no list of beliefs and no manuals: what would lead there is just shown."""
    return words if node["reftarget"].startswith(("belief-", *taught.KINDS)) else None
