"""A lesson's page as lines for a terminal: as much of reStructuredText as the pages use, and their pictures in words.

Lines carry colours as escape sequences (ECMA-48 SGR); `plain_text` takes them out again.
"""

import ast
import html
import itertools
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pygments import highlight
from pygments.formatters import TerminalFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from minishell.lessons.cells import BLOCK
from minishell.lessons.lexer import SessionLexer
from minishell.lessons.library import ADORNMENT, Lesson, plain

BOLD, ITALIC, CODE, DIM, END = "\x1b[1m", "\x1b[3m", "\x1b[36m", "\x1b[2m", "\x1b[0m"
SGR = re.compile(r"\x1b\[[\d;]*m")
DIRECTIVE = re.compile(r"\.\. ([\w-]+):: ?(.*)")
OPTION = re.compile(r":([\w-]+):(?: (.*))?$")
ITEM = re.compile(r"([*-]|\d+\.|#\.|\([a-z]\)|[a-z]\)) +")
LITERAL = re.compile(r"``(.+?)``")
STYLED = re.compile(r"(?<!\w)\*\*(\S.*?)\*\*|(?<!\w)\*(\S.*?)\*")
TABLE = re.compile(r"={2,}( +={2,})+ *$|\+[-=+]+\+ *$")
STORY = re.compile(r"<desc[^>]*>(.*?)</desc>", re.DOTALL)
OTHER_LESSON = re.compile(r":doc:`/lessons/([\w-]+)/index`")
MARK = "\x00cell"  # stands in the text where a cell begins, until the lines are laid out


@dataclass(frozen=True)
class Line:
    """A line to show.  `cell`: the number of the cell that begins here; 0: none does."""

    text: str
    cell: int = 0


def laid_out(page: Path, width: int) -> list[Line]:
    """The lines of a page."""
    numbers = itertools.count(1)
    text = BLOCK.sub(
        lambda block: f"{block['indent']}{MARK} {next(numbers)}\n\n{block['output']}\n", page.read_text()
    )
    text = OTHER_LESSON.sub(lambda link: title(page.parent.parent / link[1]), text)
    return list(Reader(page.parent).lines(text.split("\n"), width))


def title(folder: Path) -> str:
    """What another lesson is called."""
    lesson = Lesson(folder)
    return f"“{lesson.title}”" if lesson.page.exists() else folder.name


def plain_text(line: str) -> str:
    """The line without its colours."""
    return SGR.sub("", line)


class Reader:
    """Lays out a page; `folder` is where the files are that it shows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def lines(self, source: list[str], width: int) -> Iterator[Line]:
        """Lay out what begins at column 0, one paragraph after the other, with a blank line between them."""
        place = 0
        while place < len(source):
            if not source[place].strip():
                place += 1
                continue
            end = self.paragraph_end(source, place)
            laid = list(self.paragraph(source[place:end], width))
            if laid:
                yield from laid
                yield Line("")
            place = end

    def paragraph_end(self, source: list[str], start: int) -> int:
        """Where the next paragraph begins: after a blank line that nothing indented follows."""
        place = start + 1
        indented = source[start].startswith(" ") or bool(re.match(r"\.\. |\.\.$", source[start]))
        while place < len(source):
            line = source[place]
            if not line.strip():
                following = next((other for other in source[place:] if other.strip()), "")
                if not following.startswith(" "):
                    return place + 1
            elif not line.startswith(" ") and (indented or ITEM.match(line)):
                return place
            elif line.startswith(" ") and not indented:
                indented = bool(ITEM.match(source[start])) or not source[place - 1].startswith(" ")
            place += 1
        return place

    def paragraph(self, source: list[str], width: int) -> Iterator[Line]:
        """Lay out one heading, table, list item, directive, definition or paragraph of prose."""
        first = source[0]
        body = textwrap.dedent("\n".join(source[1:])).split("\n")
        if first.startswith(MARK):
            yield Line("", int(first.split()[1]))
        elif directive := DIRECTIVE.match(first):
            yield from self.directive(directive[1], directive[2], body, width)
        elif first.startswith(".. ") or first == "..":
            return  # a comment, or the name of a place
        elif len(source) > 1 and ADORNMENT.fullmatch(source[1].strip()) and not TABLE.match(source[1]):
            yield Line(f"{BOLD}{plain(first)}{END}")
        elif TABLE.match(first):
            yield from (Line(table_row(line)) for line in source if line.strip())
        elif item := ITEM.match(first):
            yield from indented(item[0].replace("*", "•", 1), self.lines([first[item.end() :], *body], width - 4))
        elif first.startswith(" "):
            yield from indented("   ", self.lines(textwrap.dedent("\n".join(source)).split("\n"), width - 3))
        elif len(source) > 1 and source[1].startswith(" "):
            yield from (Line(text) for text in wrapped(first, width))
            yield from indented("   ", self.lines(body, width - 3))
        else:
            yield from (Line(text) for text in wrapped(" ".join(source), width))

    def directive(self, name: str, argument: str, body: list[str], width: int) -> Iterator[Line]:
        """Lay out what stands under `.. name:: argument`."""
        options = {found[1]: found[2] or "" for line in body if (found := OPTION.match(line))}
        rest = list(itertools.dropwhile(lambda line: not line.strip() or OPTION.match(line), body))
        match name:
            case "code-block" | "literalinclude":
                text = "\n".join(rest) if name == "code-block" else self.included(argument, options)
                language = argument if name == "code-block" else options.get("language", "python3")
                if caption := options.get("caption") or (argument if name == "literalinclude" else ""):
                    yield Line(f"    {DIM}{caption}{END}")
                yield from (Line(f"    {line}".rstrip()) for line in coloured(text.strip("\n"), language).split("\n"))
            case "timeline":
                yield from (Line(text) for text in wrapped(f"*Picture:* {options.get('alt', argument)}", width))
                yield from (Line(f"    {DIM}{line}{END}") for line in self.story(argument))
            case "admonition":
                yield from indented(f"{DIM}│{END} ", self.lines([f"**{argument}**", "", *rest], width - 2))
            case "belief":
                title = [f"**Many people believe {' '.join(itertools.takewhile(str.strip, rest))}**", ""]
                shown = itertools.dropwhile(str.strip, rest)
                yield from indented(f"{DIM}│{END} ", self.lines([*title, *shown], width - 2))
            case "toctree" | "raw" | "index" | "contents" | "only":
                return  # for the site alone
            case _:
                yield from indented(f"{DIM}│{END} ", self.lines([argument, "", *rest], width - 2))

    def included(self, name: str, options: dict[str, str]) -> str:
        """The file, or the function or class of it that is wanted."""
        try:
            text = (self.folder / name).read_text()
        except OSError:
            return f"({name} is not there)"
        if wanted := options.get("pyobject"):
            found = [node for node in ast.walk(ast.parse(text)) if getattr(node, "name", None) == wanted]
            text = ast.get_source_segment(text, found[0]) or "" if found else ""
        return text

    def story(self, name: str) -> list[str]:
        """What the picture tells to those who cannot see it."""
        path = self.folder / name
        story = STORY.search(path.read_text()) if path.exists() else None
        return html.unescape(story[1]).split("\n") if story else []


def indented(sign: str, lines: Iterator[Line]) -> Iterator[Line]:
    """The lines after a sign that stands once, if it is a list's, or on each of them; no blank line at the end."""
    laid = list(lines)
    while laid and not laid[-1].text and not laid[-1].cell:
        laid.pop()
    rest = sign if "│" in sign else " " * len(sign)
    for place, line in enumerate(laid):
        yield Line(((sign if place == 0 else rest) + line.text).rstrip(), line.cell)


def coloured(code: str, language: str) -> str:
    """The code in colours, if the language is known."""
    try:
        lexer = SessionLexer() if language == "minishell" else get_lexer_by_name(language)
    except ClassNotFound:
        return code
    painted: str = highlight(code, lexer, TerminalFormatter())
    return painted.rstrip("\n")


def styled(text: str) -> str:
    """Prose with its markup turned into colours."""
    kept: list[str] = []

    def keep(literal: re.Match[str]) -> str:
        kept.append(literal[1])
        return f"\x01{len(kept) - 1}\x02"

    text = LITERAL.sub(keep, text)
    text = STYLED.sub(lambda found: f"{BOLD}{found[1]}{END}" if found[1] else f"{ITALIC}{found[2]}{END}", text)
    return re.sub(r"\x01(\d+)\x02", lambda place: f"{CODE}{kept[int(place[1])]}{END}", plain(text))


def wrapped(text: str, width: int) -> list[str]:
    """Prose in lines of at most `width` columns.  A colour that is still on at the end begins again."""
    lines, colour = [""], ""
    for word in styled(text).split():
        if lines[-1] and len(plain_text(lines[-1])) + 1 + len(plain_text(word)) > width:
            lines[-1] += END if colour else ""
            lines.append(colour)
        lines[-1] += f" {word}" if plain_text(lines[-1]) else word
        for change in SGR.findall(word):
            colour = "" if change == END else change
    return lines


def table_row(line: str) -> str:
    """A row of a table, its columns where they were: two blanks or more stand between them."""

    def cell(found: re.Match[str]) -> str:
        shown = styled(found[0])
        return shown + " " * (len(found[0]) - len(plain_text(shown)))

    return re.sub(r"\S+(?: \S+)*", cell, line).rstrip()
