"""Compound commands and functions: what starts with a bracket or a reserved word.  POSIX.1-2024 XCU 2.9.4, 2.9.5.

One function for each rule of the grammar, named after it; the parser calls them through RULES.
"""

from __future__ import annotations

from minishell.errors import SyntaxProblem
from minishell.syntax import tokens
from minishell.syntax.lexer import Incomplete
from minishell.syntax.names import is_name
from minishell.syntax.tree import Case, CaseItem, For, Function, Group, If, Loop, Subshell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from minishell.syntax.parser import Parser
    from minishell.syntax.tokens import Token
    from minishell.syntax.tree import Command, Word


def subshell(parser: Parser) -> Command:
    """( compound_list )"""
    opening, body = bracketed(parser, ")")
    return Subshell(body, parser.redirect_list(), parser.since(opening.span.start))


def brace_group(parser: Parser) -> Command:
    """{ compound_list }"""
    opening, body = bracketed(parser, "}")
    return Group(body, parser.redirect_list(), parser.since(opening.span.start))


def bracketed(parser: Parser, closing: str) -> tuple[Token, Command]:
    opening = parser.advance()
    body = inner_list(parser, opening, closing)
    parser.expect(closing, opening)
    return opening, body


def inner_list(parser: Parser, opening: Token, closing: str) -> Command:
    """The list of commands behind `opening`, one level deeper."""
    parser.lexer.enter(opening.span)
    parser.linebreak()
    if parser.token.kind == tokens.END:
        parser.expect(closing, opening)
    body = parser.compound_list()
    parser.lexer.leave()
    return body


def if_clause(parser: Parser) -> Command:
    """if list then list [elif list then list]… [else list] fi"""
    opening = parser.token
    branches: list[tuple[Command, Command]] = []
    otherwise: Command | None = None
    while not branches or parser.token.reserved == "elif":
        keyword = parser.advance()
        condition = inner_list(parser, keyword, "then")
        parser.expect("then", keyword)
        branches.append((condition, inner_list(parser, opening, "fi")))
    if parser.token.reserved == "else":
        parser.advance()
        otherwise = inner_list(parser, opening, "fi")
    parser.expect("fi", opening)
    return If(tuple(branches), otherwise, parser.redirect_list(), parser.since(opening.span.start))


def while_clause(parser: Parser) -> Command:
    """while list do_group, or until."""
    opening = parser.advance()
    condition = inner_list(parser, opening, "do")
    body = do_group(parser, opening)
    until = opening.reserved == "until"
    return Loop(until, condition, body, parser.redirect_list(), parser.since(opening.span.start))


def do_group(parser: Parser, opening: Token) -> Command:
    """do list done"""
    parser.expect("do", opening)
    body = inner_list(parser, opening, "done")
    parser.expect("done", opening)
    return body


def for_clause(parser: Parser) -> Command:
    """for name [linebreak in word… separator] do_group"""
    opening = parser.advance()
    name = parser.token
    if name.kind == tokens.END:
        parser.expect("name", opening)
    text = name.word.unquoted() if name.word else None
    if text is None or not is_name(text):
        raise SyntaxProblem("for needs the name of a variable", name.span)
    parser.advance()
    words: list[Word] | None = None
    separated = parser.token.kind == ";"
    if separated:
        parser.advance()
    parser.linebreak()
    if parser.token.reserved == "in" and not separated:
        parser.advance()
        words = []
        while parser.token.word is not None and parser.token.kind == tokens.WORD:
            words.append(parser.token.word)
            parser.advance()
        if parser.token.kind not in (";", tokens.NEWLINE, tokens.END):
            raise parser.unexpected()
        if parser.token.kind == ";":
            parser.advance()
        parser.linebreak()
    body = do_group(parser, opening)
    named = tuple(words) if words is not None else None
    return For(text, named, body, parser.redirect_list(), parser.since(opening.span.start))


def case_clause(parser: Parser) -> Command:
    """case word linebreak in linebreak [[(] pattern [| pattern]… ) [list] (;; | ;&)]… esac"""
    opening = parser.advance()
    word = parser.token.word
    if word is None:
        raise parser.unexpected()
    parser.advance()
    parser.linebreak()
    parser.expect("in", opening)
    parser.linebreak()
    items: list[CaseItem] = []
    while parser.token.reserved != "esac":
        items.append(case_item(parser, opening))
    parser.expect("esac", opening)
    return Case(word, tuple(items), parser.redirect_list(), parser.since(opening.span.start))


def case_item(parser: Parser, opening: Token) -> CaseItem:
    if parser.token.kind == tokens.END:
        parser.expect("esac", opening)
    if parser.token.kind == "(":
        parser.advance()
    patterns: list[Word] = []
    while True:
        if parser.token.word is None:
            raise parser.unexpected()
        patterns.append(parser.token.word)
        parser.advance()
        if parser.token.kind != "|":
            break
        parser.advance()
    parser.expect(")", opening)
    parser.linebreak()
    body = None
    if parser.token.kind not in (";;", ";&", tokens.END) and parser.token.reserved != "esac":
        body = inner_list(parser, opening, "esac")
    falls_through = parser.token.kind == ";&"
    if parser.token.kind in (";;", ";&"):
        parser.advance()
        parser.linebreak()
    elif parser.token.reserved != "esac":
        parser.expect("esac", opening)
    return CaseItem(tuple(patterns), body, falls_through)


def function_definition(parser: Parser, name: Token) -> Command:
    """name ( ) linebreak compound_command, from behind the name."""
    text = name.word.unquoted() if name.word else None
    if text is None or not is_name(text):
        raise SyntaxProblem("this is not a name that a function can have", name.span)
    opening = parser.advance()
    parser.expect(")", opening)
    parser.linebreak()
    if parser.token.kind == tokens.END:
        raise Incomplete("the body of the function", name.span)
    rule = RULES.get(parser.token.reserved or parser.token.kind)
    if rule is None:
        raise SyntaxProblem("the body of a function starts with { or another compound command", parser.token.span)
    return Function(text, rule(parser), parser.since(name.span.start))


RULES: dict[str, Callable[[Parser], Command]] = {
    "(": subshell,
    "{": brace_group,
    "if": if_clause,
    "while": while_clause,
    "until": while_clause,
    "for": for_clause,
    "case": case_clause,
}
"""What each operator or reserved word begins, where a command can stand."""
