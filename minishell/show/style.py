"""The colours of the picture, light and dark, and the rules that use them.

The program colours keep at least 4.5 : 1 against white and against furo's dark page (WCAG 2.2, 1.4.3), and can be
told apart without red or green cones too.
"""

from __future__ import annotations

LIGHT = {
    "paper": "#ffffff",
    "p0": "#4a5a78",
    "p1": "#187d6c",
    "p2": "#ad4d00",
    "p3": "#8a43a7",
    "p4": "#558122",
    "p5": "#ac3359",
    "data": "#1d63c4",
    "red": "#c42b1c",
    "soft": "#5f6b7a",
}
DARK = {
    "paper": "#131416",
    "p0": "#9fb0cf",
    "p1": "#69dabf",
    "p2": "#f0a35a",
    "p3": "#c391ee",
    "p4": "#bee181",
    "p5": "#d97a9f",
    "data": "#6cb0ff",
    "red": "#ff8073",
    "soft": "#98a2b0",
}
_SMALLEST = 0.95  # a narrow screen makes the picture smaller until its text has 11 pixels; then it has to scroll
PROGRAMS = 6  # colours for programs; the seventh program takes the first again

_RULES = """
.minishell text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:currentColor}
.minishell text{white-space:pre}
.minishell .title{font:600 13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.minishell .name,.minishell .who{font-weight:600}
.minishell .who{text-anchor:middle}
.minishell .n,.minishell .soft{fill:var(--soft)}
.minishell .n{font-size:11.5px;font-weight:400}
.minishell .red{fill:var(--red)}
.minishell path{fill:none}
.minishell .b{stroke-width:8}
.minishell .pale{opacity:.2}
.minishell .hatch{stroke-width:8;stroke-dasharray:1.5 3.5;opacity:.7}
.minishell .hatch.stopped{stroke-dasharray:7 4;opacity:.6}
.minishell .brace{stroke-width:1.5}
.minishell .on{stroke-width:8;stroke-dasharray:2 3;opacity:.6}
.minishell .zombie{stroke:var(--soft);stroke-width:2.4;stroke-linecap:round;stroke-dasharray:.1 5.5}
.minishell .dot{fill:var(--paper);stroke-width:2}
.minishell .become{stroke:var(--paper);stroke-width:2}
.minishell .stub{stroke-width:4;stroke-linecap:round}
.minishell .cross{stroke:var(--red);stroke-width:2.6;stroke-linecap:round}
.minishell .badge text{fill:var(--paper);font-weight:700;text-anchor:middle}
.minishell .a{stroke:var(--soft);stroke-width:1.5}
.minishell .h{fill:var(--soft)}
.minishell .a.data,.minishell .a.eof{stroke:var(--data)}
.minishell .h.data,.minishell .h.eof{fill:var(--data)}
.minishell .a.eof,.minishell .a.broken{stroke-dasharray:5 3.5}
.minishell .a.kill,.minishell .a.broken{stroke:var(--red)}
.minishell .h.kill,.minishell .h.broken{fill:var(--red)}
.minishell .e:hover text,.minishell .e:focus text{text-decoration:underline}
"""


def style() -> str:
    """The style sheet of one picture.

    Alone (`:root`) it brings its own ink; inside a page it takes the page's, and follows furo's switch
    (`data-theme`).
    """
    light, dark = _variables(LIGHT), _variables(DARK)
    programs = "".join(
        f"\n.minishell path.p{number},.minishell circle.dot.p{number}{{stroke:var(--p{number})}}"
        f"\n.minishell circle.become.p{number},.minishell .badge.p{number} circle,.minishell .t{number}"
        f"{{fill:var(--p{number})}}"
        for number in range(PROGRAMS)
    )
    return (
        f"\n.minishell{{{light};max-width:100%;min-width:calc(var(--width)*{_SMALLEST});height:auto}}"
        "\n.minishell:root{color:#1f2328;background:var(--paper)}"
        f"\n@media(prefers-color-scheme:dark){{.minishell{{{dark}}}.minishell:root{{color:#e6e8eb}}"
        f"body[data-theme=light] .minishell{{{light}}}}}"
        f"\nbody[data-theme=dark] .minishell{{{dark}}}{_RULES.rstrip()}{programs}\n"
    )


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in colours.items())
