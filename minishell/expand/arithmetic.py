"""Arithmetic: `$((i * 2 + 1))`, with the operators of C and 64-bit numbers.  POSIX.1-2024 XCU 2.6.4, XBD 1.1.2.1.

An expression is compiled into Python functions, which are called each time it is evaluated.
"""

from __future__ import annotations

from _operator import add, and_, mul, or_, sub, xor  # the C half of operator

from minishell.errors import ExpansionProblem
from minishell.syntax.lexer import DEEPEST
from minishell.syntax.names import NAME_CHARACTERS, NAME_STARTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from minishell.errors import ShellError
    from minishell.shell import Shell
    from minishell.source import Span

    Expression: TypeAlias = "Callable[[Shell], int]"


class NoValue(ExpansionProblem):
    """The expression has no value; the message says why."""


def placed(problem: ShellError, text: str, span: Span) -> ShellError:
    """The problem, which now names the expression that has it; an expression inside this one is named already."""
    if problem.span is None:
        problem.span = span
        if not problem.message.startswith(text.strip()):
            problem.message = f"{text.strip()}: {problem.message}"
    return problem


def compile(text: str, span: Span) -> Expression:
    """A function that evaluates the expression, which stands at `span`.  Raises NoValue, and so may the function."""
    return Compiler(text, span).whole()


MOST_TERMS = 1000
"""Each operator in a row is a call inside that of the one behind it."""

PRECEDENCE = (
    ("||",),
    ("&&",),
    ("|",),
    ("^",),
    ("&",),
    ("==", "!="),
    ("<=", ">=", "<", ">"),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)
"""Binary operators, those that bind least first; `||` and `&&` do not always evaluate their right side."""
LEVELS = {operator: level for level, operators in enumerate(PRECEDENCE) for operator in operators}

ASSIGNMENTS = ("<<=", ">>=", "*=", "/=", "%=", "+=", "-=", "&=", "^=", "|=", "=")
MISSING = ("++", "--")
"""Operators of C that a shell need not have.  To read `++x` as `+(+x)` would be a silent surprise."""
OPERATORS = (*ASSIGNMENTS[:2], "||", "&&", "==", "!=", "<=", ">=", "<<", ">>", *ASSIGNMENTS[2:-1], *MISSING)
"""Those of more than one character, the longest first."""


LEAST, MOST = -(1 << 63), (1 << 63) - 1


def wrapped(value: int) -> int:
    """As a signed number of 64 bits: what overflows wraps around."""
    return (value - LEAST) % (1 << 64) + LEAST


def quotient(left: int, right: int) -> int:
    """C rounds towards zero, Python downwards."""
    if right == 0:
        raise NoValue("division by zero")
    result = abs(left) // abs(right)
    return result if (left < 0) == (right < 0) else -result


def remainder(left: int, right: int) -> int:
    if right == 0:
        raise NoValue("division by zero")
    return abs(left) % abs(right) * (-1 if left < 0 else 1)


BINARY: dict[str, Callable[[int, int], int]] = {
    "|": or_,
    "^": xor,
    "&": and_,
    "==": lambda left, right: int(left == right),
    "!=": lambda left, right: int(left != right),
    "<=": lambda left, right: int(left <= right),
    ">=": lambda left, right: int(left >= right),
    "<": lambda left, right: int(left < right),
    ">": lambda left, right: int(left > right),
    "<<": lambda left, right: left << (right & 63),
    ">>": lambda left, right: left >> (right & 63),
    "+": add,
    "-": sub,
    "*": mul,
    "/": quotient,
    "%": remainder,
}


class Constant:
    """A number in the text: known before anything is evaluated."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __call__(self, shell: Shell) -> int:
        return self.value


def variable(name: str) -> Expression:
    def value(shell: Shell) -> int:
        text = shell.variables.get(name)
        if text and text.isdigit() and text[0] != "0" and len(text) < 19 and text.isascii():
            return int(text)
        return number(shell, name, text)

    return value


def line_number(span: Span) -> Expression:
    """LINENO, unless a script has assigned it."""
    assigned = variable("LINENO")
    return lambda shell: assigned(shell) if "LINENO" in shell.variables else span.line_number


def number(shell: Shell, name: str, text: str | None) -> int:
    """The value of a variable as a number; one that is empty counts as 0, and so does one that is unset."""
    if text is None and "nounset" in shell.options:
        raise NoValue(f"{name} is not set")
    if not text:
        return 0
    sign = -1 if text.strip().startswith("-") else 1
    digits = text.strip().removeprefix("-" if sign < 0 else "+")
    try:
        return wrapped(sign * constant(digits))
    except NoValue:
        raise NoValue(f"{name} is {text}, which is not a number") from None


def constant(text: str) -> int:
    """A number in an expression; one that is too large wraps around."""
    return wrapped(natural(text))


def natural(text: str) -> int:
    """Decimal, octal after `0`, hexadecimal after `0x`, of any size.  Raises NoValue."""
    base = 16 if text[:2] in ("0x", "0X") else 8 if text[:1] == "0" else 10
    digits = (text[2:] if base == 16 else text).lstrip("0") or text[-1:]
    if not digits.isascii() or not digits.isalnum():
        raise NoValue(f"{text or 'nothing'} is not a number")
    if len(digits) >= LONGEST:
        too_long(text)
    try:
        return int(digits, base)
    except ValueError:
        raise NoValue(f"{text} is not a number") from None


LONGEST = 4000
"""Digits: Python refuses to read more than 4300 (sys.set_int_max_str_digits)."""


def too_long(text: str) -> int:
    raise NoValue(f"{text} is too long for a number")


class Compiler:
    """Recursive descent over the text of one expression; each method returns a function that computes its part."""

    def __init__(self, text: str, span: Span) -> None:
        self.text, self.span, self.at, self.depth = text, span, 0, 0
        self.token = ""
        self.advance()

    def whole(self) -> Expression:
        if self.token == "":
            return lambda shell: 0
        compiled = self.expression()
        if self.token:
            raise misplaced(self.token)
        return compiled

    def advance(self) -> str:
        """Step to the next token: a number, a name, an operator, or "" at the end.  Returns the one before."""
        passed, text = self.token, self.text
        while text[self.at : self.at + 1].isspace():
            self.at += 1
        start = self.at
        if text[start : start + 1] in NAME_CHARACTERS:
            while text[self.at : self.at + 1] in NAME_CHARACTERS:
                self.at += 1
        else:
            operator = next((op for op in OPERATORS if text.startswith(op, start)), text[start : start + 1])
            self.at += len(operator)
        self.token = text[start : self.at]
        return passed

    def expression(self) -> Expression:
        """Assignment and `? :`, which group from right to left."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise NoValue(f"the expression is nested more than {DEEPEST} deep")
        name, before = self.token, self.at
        condition = self.binary(0)
        if (
            self.token in ASSIGNMENTS
            and name[:1] in NAME_STARTS
            and self.text[before : self.at].strip() == self.token
        ):
            result = self.assignment(name)
        elif self.token == "?":
            result = self.choice(condition)
        else:
            result = condition
        self.depth -= 1
        return result

    def assignment(self, name: str) -> Expression:
        operator = self.advance()[:-1]
        value = self.expression()
        if operator:
            value = computed(BINARY[operator], variable(name), value)

        def assign(shell: Shell) -> int:
            result = value(shell)
            shell.variables.set(name, str(result), export="allexport" in shell.options)
            return result

        return assign

    def choice(self, condition: Expression) -> Expression:
        self.advance()
        yes = self.expression()
        if self.advance() != ":":
            raise NoValue("? needs a : after it")
        no = self.expression()
        return lambda shell: yes(shell) if condition(shell) else no(shell)

    def binary(self, least: int) -> Expression:
        """Operators of this level and of those that bind more, from left to right."""
        left, terms = self.unary(), 1
        while (level := LEVELS.get(self.token, -1)) >= least:
            operator = self.advance()
            left, terms = joined(operator, left, self.binary(level + 1)), terms + 1
            if terms > MOST_TERMS:
                raise NoValue(f"there are more than {MOST_TERMS} operators in a row")
        return left

    def unary(self) -> Expression:
        if self.token not in ("+", "-", "!", "~"):
            return self.primary()
        self.depth += 1
        if self.depth > DEEPEST:
            raise NoValue(f"the expression is nested more than {DEEPEST} deep")
        operator, operand = self.advance(), self.unary()
        self.depth -= 1
        match operator:
            case "-":
                return lambda shell: wrapped(-operand(shell))
            case "!":
                return lambda shell: int(not operand(shell))
            case "~":
                return lambda shell: ~operand(shell)
        return operand

    def primary(self) -> Expression:
        token = self.advance()
        if token == "(":
            inside = self.expression()
            if self.advance() != ")":
                raise NoValue("a ) is missing")
            return inside
        if token[:1] in NAME_STARTS and token:
            return line_number(self.span) if token == "LINENO" else variable(token)
        if token[:1].isdigit():
            return Constant(constant(token))
        raise misplaced(token)


def misplaced(token: str) -> NoValue:
    if token in MISSING:
        return NoValue(f"there is no operator {token}", help=f"x {token[0]}= 1 does it")
    return NoValue(f"{token} cannot stand here" if token else "the expression ends too early")


def joined(operator: str, left: Expression, right: Expression) -> Expression:
    """Two operands and what stands between them."""
    if operator == "&&":
        return lambda shell: int(bool(left(shell) and right(shell)))
    if operator == "||":
        return lambda shell: int(bool(left(shell) or right(shell)))
    return computed(BINARY[operator], left, right)


def computed(compute: Callable[[int, int], int], left: Expression, right: Expression) -> Expression:
    def value(shell: Shell) -> int:
        result = compute(left(shell), right(shell))
        return result if LEAST <= result <= MOST else wrapped(result)

    def value_with_constant(shell: Shell) -> int:
        result = compute(left(shell), fixed)
        return result if LEAST <= result <= MOST else wrapped(result)

    if isinstance(right, Constant):
        fixed = right.value
        return value_with_constant
    return value
