r"""printf.  POSIX.1-2024 XCU printf, XBD 5 File Format Notation."""

from __future__ import annotations

from minishell.builtins.registry import builtin
from minishell.errors import BuiltinProblem, UsageProblem
from minishell.expand.arithmetic import NoValue, natural
from minishell.run.simple import tell
from minishell.source import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from minishell.shell import Shell

ESCAPES = {
    "\\": "\\",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    '"': '"',
    "'": "'",
}


@builtin("printf", usage="printf format [argument ...]")
def printf(shell: Shell, words: Sequence[Field]) -> int:
    r"""Print the arguments as the format says; it is used again as long as there are arguments.

    %s text, %b text with escapes, %c its first character, %d %i %u %o %x %X numbers, %f %e %g and their
    capitals, %% a percent sign; between % and letter: flags `-+ #0`, width and .precision, `*` for one taken from
    the arguments.  \n \t \\ \a \b \f \r \v and \123 are characters.  A missing argument counts as empty or 0.
    There is a program of this name too; the builtin saves a process.  POSIX.1-2024 XCU printf.
    """
    operands = list(words[1:] if words and words[0] == "--" else words)
    if not operands:
        raise UsageProblem("printf needs a format")
    printer = Printer(shell, operands[0], operands[1:])
    printer.run()
    return printer.status


MOST_DIGITS = 7
"""A field of ten million characters takes as much memory."""


class Stop(Exception):
    r"""`\c` in an argument of %b: nothing more is printed."""


class Printer:
    """The format, the arguments that are left, and what has gone wrong so far."""

    def __init__(self, shell: Shell, format: Field, arguments: list[Field]) -> None:
        self.shell, self.format, self.arguments = shell, format, arguments
        self.status = 0
        self.output: list[str] = []

    def run(self) -> None:
        try:
            while True:
                before = len(self.arguments)
                self.once()
                if not self.arguments or len(self.arguments) == before:
                    break
        except Stop:
            pass
        self.shell.write("".join(self.output))

    def once(self) -> None:
        """The format from its start to its end."""
        format, at = str(self.format), 0
        while at < len(format):
            if format[at] == "\\":
                character, at = escape(format, at, octal_zero=False)
                self.output.append(character)
            elif format[at] == "%":
                at = self.conversion(format, at + 1)
            else:
                self.output.append(format[at])
                at += 1

    def conversion(self, text: str, at: int) -> int:
        """One conversion, from behind its %; returns where the text goes on."""
        start = at
        while text[at : at + 1] and text[at] in "-+ #0":
            at += 1
        flags = text[start:at]
        width, at = self.count(text, at)
        precision = ""
        if text[at : at + 1] == ".":
            precision, at = self.count(text, at + 1)
            precision = f".{precision or 0}"
        letter = text[at : at + 1]
        if width.startswith("-"):
            flags, width = f"{flags}-", width[1:]
        if precision.startswith(".-"):
            precision = ""
        self.output.append(self.converted(letter, f"%{flags}{width}{precision}"))
        return at + 1

    def count(self, text: str, at: int) -> tuple[str, int]:
        """A width or precision: digits, or `*` for one from the arguments."""
        start = at
        if text[at : at + 1] == "*":
            count, at = str(self.number()), at + 1
        else:
            while text[at : at + 1].isdigit():
                at += 1
            count = text[start:at]
        if len(count.lstrip("-0")) > MOST_DIGITS:
            raise UsageProblem(f"{count} is too large for a width or precision", self.format)
        return count, at

    def converted(self, letter: str, layout: str) -> str:
        match letter:
            case "%":
                return "%"
            case "s":
                return text(layout, str(self.argument()))
            case "b":
                return self.with_escapes(layout)
            case "c":
                return text(f"{layout.partition('.')[0]}.1", str(self.argument()))
            case "d" | "i":
                return (layout + "d") % self.number()
            case "u" | "o" | "x" | "X":
                return unsigned(layout, letter, self.number(most=(1 << 64) - 1) % (1 << 64))
            case "f" | "F" | "e" | "E" | "g" | "G":
                return (layout + letter) % self.real()
        raise UsageProblem(f"%{letter} is no conversion", self.format)

    def argument(self) -> Field | str:
        return self.arguments.pop(0) if self.arguments else ""

    def with_escapes(self, layout: str) -> str:
        argument, at, result = str(self.argument()), 0, ""
        while at < len(argument):
            if argument.startswith("\\c", at):
                self.output.append(text(layout, result))
                raise Stop
            if argument[at] == "\\":
                character, at = escape(argument, at, octal_zero=True)
                result += character
            else:
                result += argument[at]
                at += 1
        return text(layout, result)

    def number(self, most: int = (1 << 63) - 1) -> int:
        """The next argument as a whole number, up to `most`; `'a` is the code of a."""
        word = self.argument()
        if word[:1] in ("'", '"') and len(word) > 1:
            return ord(word[1])
        digits = word.lstrip()
        negative = digits.startswith("-")
        digits = digits[1:] if digits[:1] in ("-", "+") else digits
        try:
            value = natural(digits) if digits else 0
        except NoValue:
            value = self.mistaken(word, digits)
        value = -value if negative else value
        if not -(1 << 63) <= value <= most:
            self.complain(word, "is too large a number")
        return max(-(1 << 63), min(value, most))

    def mistaken(self, word: Field | str, digits: str) -> int:
        """Say that the argument is no number; what it starts with counts."""
        self.complain(word, "is not a number")
        size = 0
        while digits[size : size + 1].isdigit():
            size += 1
        try:
            return natural(digits[:size]) if size else 0
        except NoValue:
            return 0

    def complain(self, word: Field | str, said: str) -> None:
        """The rest is printed all the same."""
        place = word if isinstance(word, Field) else self.format
        self.status = tell(self.shell, BuiltinProblem(f"{word or 'nothing'} {said}", place))

    def real(self) -> float:
        word = self.argument()
        if word[:1] in ("'", '"') and len(word) > 1:
            return float(ord(word[1]))
        size = len(word)
        while size and decimal(word[:size]) is None:
            size -= 1
        if size < len(word):
            self.complain(word, "is not a number")
        return decimal(word[:size]) or 0.0


def decimal(number: str) -> float | None:
    """What strtod would make of all of it: there may be blanks before it, but none behind, and no `_`."""
    try:
        if number[-1:].isspace() or "_" in number:
            return None
        return float.fromhex(number) if "x" in number.lower() else float(number)
    except (ValueError, OverflowError):
        return None


def text(layout: str, argument: str) -> str:
    """Width and precision of a text are counted in bytes, as in C: XBD 5."""
    data = f"{layout}s".encode() % argument.encode("utf-8", "surrogateescape")
    return data.decode("utf-8", "surrogateescape")


def unsigned(layout: str, letter: str, value: int) -> str:
    """As in C, where Python has other ways: `%#o` puts a single 0 in front, and 0 itself has no prefix."""
    if letter == "o" and "#" in layout:
        before, _, precision = layout.replace("#", "").partition(".")
        digits = len(f"{value:o}") + (value > 0)
        layout = f"{before}.{max(digits, int(precision or 0))}"
    if value == 0:
        layout = layout.replace("#", "")
    return (layout + letter.replace("u", "d")) % value


def escape(text: str, at: int, octal_zero: bool) -> tuple[str, int]:
    r"""The character that the escape at `at` stands for, and where the text goes on.

    Octal digits: `\123` in a format, `\0123` in an argument of %b.
    """
    following = text[at + 1 : at + 2]
    if following in ESCAPES and not (octal_zero and following in "'\""):
        return ESCAPES[following], at + 2
    start = at + 2 if octal_zero and following == "0" else at + 1
    end = start
    while end < start + 3 and text[end : end + 1] and text[end] in "01234567":
        end += 1
    if end > start or (octal_zero and following == "0"):
        code = int(text[start:end] or "0", 8) & 0xFF
        return bytes([code]).decode("utf-8", "surrogateescape"), end
    return "\\", at + 1
