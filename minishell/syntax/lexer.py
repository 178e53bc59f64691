"""From characters to tokens: where words start and end, and what is quoted in them.

POSIX.1-2024 XCU 2.2 Quoting and 2.3 Token Recognition.  Which word is a command, an assignment or a
reserved word is the parser's business.
"""

from __future__ import annotations

from minishell.errors import SyntaxProblem
from minishell.source import Source, Span
from minishell.syntax import tokens
from minishell.syntax.names import DIGITS, NAME_CHARACTERS, NAME_STARTS
from minishell.syntax.tokens import Token
from minishell.syntax.tree import (
    Arithmetic,
    CommandSubstitution,
    DoubleQuoted,
    HereDocument,
    Literal,
    Parameter,
    Quoted,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from minishell.syntax.tree import Command, Part

    More: TypeAlias = "Callable[[], str]"
    Substitution: TypeAlias = "Callable[[Source, int, More | None, int], tuple[Command | None, Source, int]]"

BLANKS = frozenset(" \t")
WORD_ENDS = frozenset(" \t\n") | tokens.OPERATOR_STARTS
NOT_PLAIN = WORD_ENDS | frozenset("'\"\\$`\0")
NOT_PLAIN_IN_QUOTES = frozenset('"\\$`\0')
NOT_PLAIN_IN_BRACES = frozenset("}'\"\\$`\0")
IN_HERE_DOCUMENT = "$`\\"
"""What a backslash protects in the body of a here-document: XCU 2.7.4."""
IN_QUOTES = IN_HERE_DOCUMENT + '"'
"""What it protects inside double quotes: XCU 2.2.3."""
BRACKETS = frozenset("()")
NOT_PLAIN_IN_ARITHMETIC = NOT_PLAIN_IN_QUOTES | BRACKETS
DEEPEST = 200
"""How deep commands and expansions may be nested."""

SPECIAL_PARAMETERS = frozenset("@*#?-$!")
PARAMETER_OPERATORS = (":-", ":=", ":?", ":+", "##", "%%", "-", "=", "?", "+", "#", "%")


class Incomplete(Exception):
    """The text ends where `expected` should have come."""

    def __init__(self, expected: str, span: Span) -> None:
        super().__init__(expected)
        self.expected, self.span = expected, span


class Lexer:
    """Reads one token at a time, and no further than it must: the next line may not have been typed yet.

    `more` fetches another line, "" at the end of the input.  `substitution` parses what stands in `$( )`.
    """

    def __init__(self, source: Source, at: int, more: More | None, depth: int, substitution: Substitution) -> None:
        self.source, self.text, self.at, self.depth = source, source.text, at, depth
        self.more, self.substitution = more, substitution
        self.awaited: list[HereDocument] = []  # their bodies start after the next newline
        self.joined_at = -1  # behind the last backslash and newline that joined two lines

    def next(self) -> Token:
        """The token that starts at or after the present place."""
        self.skip_blanks_and_comment()
        start = self.at
        character = self.text[start : start + 1]
        if character == "":
            return Token(tokens.END, self.span(start))
        if character == "\n":
            self.at += 1
            token = Token(tokens.NEWLINE, self.span(start))
            self.read_here_documents()
            return token
        if character in tokens.OPERATOR_STARTS:
            return self.operator()
        word = self.word()
        if self.peek() in ("<", ">") and DIGITS.issuperset(word.unquoted() or "-"):
            return Token(tokens.IO_NUMBER, self.span(start), word)
        return Token(tokens.WORD, self.span(start), word)

    def span(self, start: int) -> Span:
        return Span(self.source, start, self.at)

    def fill(self) -> bool:
        """Fetch another line.  False: there is none."""
        line = self.more() if self.more else ""
        self.source.text += line
        self.text = self.source.text
        return line != ""

    def enter(self, opening: Span) -> None:
        """Go one level deeper, into brackets or braces; `leave` undoes it.  The limit keeps recursion finite."""
        if self.depth == DEEPEST:
            raise SyntaxProblem(f"commands are nested more than {DEEPEST} deep", opening)
        self.depth += 1

    def leave(self) -> None:
        self.depth -= 1

    def peek(self) -> str:
        """The character at the present place, "" at the end."""
        return self.text[self.at : self.at + 1]

    def join_lines(self) -> None:
        r"""Step over each backslash and newline: what stands before and after them is one.  XCU 2.2.1."""
        while self.text.startswith("\\\n", self.at):
            self.at = self.joined_at = self.at + 2
            if self.at == len(self.text):
                self.fill()

    @property
    def ends_in_continuation(self) -> bool:
        """Whether the text read so far ends in a backslash and a newline that ask for another line."""
        return self.joined_at == len(self.text)

    def read_here_documents(self) -> None:
        """Read the bodies of the here-documents that the line just ended has announced."""
        if self.awaited:
            from minishell.syntax.here_documents import read_bodies

            read_bodies(self)

    # Between words

    def skip_blanks_and_comment(self) -> None:
        while True:
            character = self.peek()
            if character in BLANKS:
                self.at += 1
            elif character == "\\" and self.text.startswith("\\\n", self.at):
                self.join_lines()
            elif character == "#":
                newline = self.text.find("\n", self.at)
                self.at = len(self.text) if newline < 0 else newline
            elif character != "" or not self.fill():
                return

    def operator(self) -> Token:
        start = end = self.at
        operator = ""
        while operator + (character := self.peek()) in tokens.OPERATORS and character:
            operator += character
            self.at = end = self.at + 1
            self.join_lines()
        return Token(operator, Span(self.source, start, end))

    # Words

    def word(self) -> Word:
        """Everything up to a blank, a newline or an operator that is not quoted."""
        start = self.at
        return Word(self.parts(NOT_PLAIN, WORD_ENDS), self.span(start))

    def parts(self, not_plain: frozenset[str], ends: frozenset[str], escapes: str | None = None) -> tuple[Part, ...]:
        """The parts up to a character of `ends`, which stays unread, or the end of the text.

        `escapes`: inside double quotes, the characters that a backslash protects; None: outside, all of them.
        """
        parts: list[Part] = []
        text = self.text
        while True:
            start = at = self.at
            size = len(text)
            while at < size and text[at] not in not_plain:
                at += 1
            self.at = at
            if at > start:
                append(parts, Literal(text[start:at]))
            if at == size or text[at] in ends:
                return tuple(parts)
            part = self.special_part(text[at], escapes)
            text = self.text
            if part is not None:
                append(parts, part)

    def special_part(self, character: str, escapes: str | None) -> Part | None:
        """What a quote, a backslash, a dollar or a backquote begins; None: a line continuation."""
        if character == "\\":
            return self.escaped(escapes)
        if character == "$":
            return self.dollar(quoted=escapes is not None)
        if character == "`":
            return self.backquoted(quoted=escapes is not None)
        if character == '"':
            return self.double_quoted()
        if character == "'":
            return self.single_quoted()
        self.refuse_nul(self.at, self.at + 1)
        self.at += 1
        return Literal(character)

    def refuse_nul(self, start: int, end: int) -> None:
        """No argument of a program can hold a NUL byte."""
        at = self.text.find("\0", start, end)
        if at >= 0:
            raise SyntaxProblem("a NUL byte cannot be part of a command", Span(self.source, at, at + 1))

    def escaped(self, escapes: str | None) -> Part | None:
        """A backslash and what follows."""
        if self.at + 1 == len(self.text) and not self.fill():
            self.at += 1
            return Literal("\\")  # the very last character of the input has nothing to protect
        character = self.text[self.at + 1]
        if character == "\n":
            self.join_lines()
            return None
        self.refuse_nul(self.at + 1, self.at + 2)
        self.at += 2
        if escapes is not None and character not in escapes:
            self.at -= 1
            return Literal("\\")
        return Quoted(character, "\\")

    def single_quoted(self) -> Part:
        start = self.at
        searched = start + 1
        while (end := self.text.find("'", searched)) < 0:
            searched = len(self.text)
            if not self.fill():
                self.at = start + 1
                raise Incomplete("a closing '", self.span(start))
        self.refuse_nul(start, end)
        self.at = end + 1
        return Quoted(self.text[start + 1 : end], "'")

    def double_quoted(self) -> Part:
        start = self.at
        self.at += 1
        parts: list[Part] = []
        while True:
            for part in self.parts(NOT_PLAIN_IN_QUOTES, frozenset('"'), IN_QUOTES):
                append(parts, part)
            if self.peek() == '"':
                self.at += 1
                return DoubleQuoted(tuple(parts))
            if not self.fill():
                raise Incomplete('a closing "', Span(self.source, start, start + 1))

    # Expansions

    def dollar(self, quoted: bool) -> Part:
        start = self.at
        self.at += 1
        self.join_lines()
        character = self.peek()
        if character == "(":
            return self.command_substitution(start)
        if character == "{":
            return self.braced_parameter(start, quoted)
        if character == "'" and not quoted:
            from minishell.syntax.escapes import dollar_quoted

            return dollar_quoted(self, start)
        if character in NAME_STARTS:
            return Parameter(self.name(), "", None, self.span(start))
        if character in SPECIAL_PARAMETERS or character in DIGITS:
            self.at += 1
            return Parameter(character, "", None, self.span(start))
        return Literal("$")

    def name(self) -> str:
        return self.run_of(NAME_CHARACTERS)

    def run_of(self, characters: frozenset[str]) -> str:
        """The next characters, as long as they are of these."""
        found = ""
        while (character := self.peek()) in characters:
            found += character
            self.at += 1
            self.join_lines()
        return found

    def command_substitution(self, start: int) -> Part:
        self.at += 1
        self.join_lines()
        if self.peek() == "(":
            expression = self.arithmetic(start)
            if expression is not None:
                return expression
        self.enter(self.span(start))
        body, self.source, self.at = self.substitution(self.source, self.at, self.more, self.depth)
        self.text = self.source.text
        self.leave()
        return CommandSubstitution(body, self.span(start))

    def arithmetic(self, start: int) -> Part | None:
        """`$((expression))`, from the second bracket on; None: it is a `$(` with a subshell in it.  XCU 2.6.4."""
        before = self.at
        self.enter(self.span(start))
        self.at += 1
        parts: list[Part] = []
        nested = 0
        while nested >= 0:
            for part in self.parts(NOT_PLAIN_IN_ARITHMETIC, BRACKETS, IN_QUOTES):
                append(parts, part)
            bracket = self.peek()
            if bracket == "" and not self.fill():
                raise Incomplete("the )) that belongs to this $((", Span(self.source, start, start + 3))
            nested += (bracket == "(") - (bracket == ")")
            if nested >= 0 and bracket:
                append(parts, Literal(bracket))
                self.at += 1
        self.leave()
        self.at += 1
        self.join_lines()
        if self.peek() != ")":
            self.at = before
            return None
        self.at += 1
        return Arithmetic(tuple(parts), self.span(start))

    def backquoted(self, quoted: bool) -> Part:
        r"""The old way to write `$(…)`: up to the next backquote, with \ protecting `$`, a backquote and \."""
        start = self.at
        self.at += 1
        special = IN_QUOTES if quoted else IN_HERE_DOCUMENT
        inside: list[str] = []
        while (character := self.peek()) != "`":
            if character == "":
                if not self.fill():
                    raise Incomplete("a closing `", Span(self.source, start, start + 1))
                continue
            self.at += 1
            if character == "\\" and self.peek() and self.peek() in special:
                character = self.peek()
                self.at += 1
            inside.append(character)
        self.at += 1
        span = self.span(start)
        copy = Source(self.source.name, "".join(inside) + "\n)", self.source.line_number(start))
        self.enter(span)
        body, copy, end = self.substitution(copy, 0, None, self.depth)
        self.leave()
        if end != len(copy.text):
            raise SyntaxProblem("an unexpected ) between the backquotes", span)
        return CommandSubstitution(body, span)

    def braced_parameter(self, start: int, quoted: bool) -> Part:
        """`${name}`, `${#name}`, `${name:-word}` and their family.  POSIX.1-2024 XCU 2.6.2."""
        self.at += 1
        self.join_lines()
        name, operator = self.parameter_name(), ""
        if name == "#" and self.measures():
            name, operator = self.parameter_name(), "length"
        if name and self.peek() == "}":
            self.at += 1
            return Parameter(name, operator, None, self.span(start))
        operator = operator or self.parameter_operator()
        if self.peek() == "" and operator in ("", ":", "length"):
            raise Incomplete("a closing }", Span(self.source, start, self.at))
        if not name or operator in ("", ":", "length"):
            line_end = self.text.find("\n", self.at)
            end = self.text.find("}", self.at, line_end if line_end >= 0 else None)
            self.at = end + 1 or min(self.at + 1, len(self.text))
            raise SyntaxProblem(f"{self.span(start).text}: bad substitution", self.span(start))
        return Parameter(name, operator, self.operand(start, quoted and operator[0] not in "#%"), self.span(start))

    def parameter_operator(self) -> str:
        """What stands behind the name: an operator, or a `:` that begins none."""
        operator = ""
        while self.peek() and any(each.startswith(operator + self.peek()) for each in PARAMETER_OPERATORS):
            operator += self.peek()
            self.at += 1
            self.join_lines()
        return operator

    def measures(self) -> bool:
        """Whether the `#` just read asks for the length of a parameter, and is not one itself, as in `${#-word}`."""
        before = self.at
        name = self.parameter_name()
        ends = self.peek() in ("}", "")
        self.at = before
        return name != "" and ends

    def parameter_name(self) -> str:
        if self.peek() in DIGITS:
            return self.run_of(DIGITS)
        if (special := self.peek()) in SPECIAL_PARAMETERS:
            self.at += 1
            self.join_lines()
            return special
        return self.name()

    def operand(self, start: int, quoted: bool) -> Word:
        """The word after a parameter's operator, up to the closing brace."""
        word_start = self.at
        self.enter(Span(self.source, start, word_start))
        parts: list[Part] = []
        not_plain = NOT_PLAIN_IN_BRACES - {"'"} if quoted else NOT_PLAIN_IN_BRACES
        while True:
            for part in self.parts(not_plain, frozenset("}"), IN_QUOTES + "}" if quoted else None):
                append(parts, part)
            if self.peek() == "}":
                word = Word(tuple(parts), self.span(word_start))
                self.at += 1
                self.leave()
                return word
            if not self.fill():
                raise Incomplete("a closing }", Span(self.source, start, self.at))


def append(parts: list[Part], part: Part) -> None:
    """Add a part; literals that a line continuation had parted become one again."""
    last = parts[-1] if parts else None
    if isinstance(part, Literal) and isinstance(last, Literal):
        parts[-1] = Literal(last.text + part.text)
    else:
        parts.append(part)
