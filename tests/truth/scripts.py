"""Shell scripts drawn at random: they end, always do the same, and keep to what POSIX.1-2024 defines.

One method for each kind of command and of word.  What is left out on purpose stands in LEFT_OUT, with the reason.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")

FILES = {
    "one.txt": "one 1\ntwo:2\n  three\t3  \nfour\\\nfive\n",
    "two.txt": "b\na\nc\na\n",
    "c d": "spaces in the name\n",
    "[x]": "brackets in the name\n",
    ".hidden": "hidden\n",
    "sub/x.txt": "x\n",
    "sub/y": "",
}
"""What stands in the directory in which a script starts."""

LEFT_OUT = {
    "$'…', ;&, pipefail, read -d": "POSIX.1-2024 has them, dash 0.5.12 has not",
    "echo of backslashes": "implementation-defined (XCU echo)",
    "${#@} ${#*} ${@#x}": "unspecified (XCU 2.6.2)",
    "single quotes in \"${x-'a'}\"": "inside double quotes they are no quotes, but shells differ (XCU 2.2.3)",
    "more shifts than $#": "may or may not end the shell (XCU shift)",
    "letters beyond ASCII": "dash works on bytes, whatever the locale says",
    "set -e; false in a $(…) before || or &&": "dash ends there; XCU set -e says that it is ignored, and so do others",
    "set -u and unset variables in here-documents": "dash goes on, XCU 2.8.1 says that a script ends",
    "$* and $@ without quotes, an argument being a delimiter": "dash loses the empty field; one in 40,000 scripts has it",
    '"$@$@" without arguments': "dash makes an empty field of it; one in 40,000 scripts has it",
    "set -e in a file read by . before || or &&": "dash ends there; one in 80,000 scripts has it",
    'x"$@"$@ with an empty argument': "an empty field may be dropped (XCU 2.5.2); one in 80,000 scripts has it",
    "a backslash from an expansion before /": "bash finds no file, dash and yash do; one in 80,000 scripts has it",
    "pathnames from /": "/proc does not stay the same",
    "formats of printf with an unknown conversion": "dash prints what is before it; one in 40,000 scripts has it",
    "the option -: in getopts": "dash finds it in an optstring that starts with a colon",
    "set -u and $((none))": "dash takes none as 0, XCU set -u says that it ends the shell",
}
"""What no script does, or hardly any, because dash would not tell what is right."""

FUNCTIONS = """\
status() { case $? in [12]) echo 1 or 2 ;; *) echo $? ;; esac; }
say() { printf '%s\\n' "$1"; }
"""
"""`status` tells `$?`: whether an error is 1 or 2 is each shell's own affair (XCU 2.8.1).  `say` is an echo for any text."""

LARGEST = 14
"""How many commands a script has, or a few more."""

NAMES = ("a", "b", "c")
"""Text.  A name is only made of those before it, so that nothing grows without end."""

NUMBERS = ("m", "n")
"""Variables that always hold a number."""

UNSET = "u"

PLAIN: tuple[str, ...] = (*"abx1", "one", "two.txt", "-", ":", "a:b", "x=1", "%", "@", ",", "+", "!", ".")
GLOBS = ("*", "?", "*.txt", "sub/*", "[a-o]*", "[!a-z]*", "[[:alpha:]]*.txt", ".h*", "\\[x]", "no*", "*/", "[", "c*d")
SINGLE = ("", "a b", "*", " ", "\\", "a:b", "$a", '"', "\t", "a\nb", "~")
DOUBLE = (*"ab :*'~", "a b", "\\$", "\\\\", '\\"', "\\a", "a:b:", "\n")
PATTERNS = (
    "*",
    "?",
    "a*",
    "*b",
    "[a-c]",
    "[!a]",
    "one",
    "*:",
    ":*",
    " *",
    "* ",
    "'*'",
    '"a"',
    "\\*",
    "[[:space:]]*",
    "",
)
EMPTY = '""'
HERE_LINES = (
    "a  b",
    "${a-}",
    "${b:-x}",
    "$((m + 1))",
    "$(echo x; echo y)",
    "\\$a \\\\ \\a",
    "'$m'",
    '"$n"',
    "`echo z`",
    "a\\\nb",
)
SEPARATORS = ("' '", "':'", "''", "' :'", "'b'", "': '", "'\t'", "'a1'", "'-'")
LEAVES = ("0", "1", "2", "7", "12", "m", "n", "$m", "0x1F", "017", "-3", "${n}")
OPERATORS = ("+", "-", "*", "&", "|", "^", "<", ">", "<=", ">=", "==", "!=", "&&", "||")
FORMATS = ("%s\\n", "%5s|", "%-4s|", "%.2s|", "%s-%s\\n", "%b|", "x\\ty\\n", "%%%s\\n", "<%s>\\n", "\\101%s\\n")
NUMERIC_FORMATS = ("%d\\n", "%03d|", "%x ", "%o ", "%+d\\n", "%5d|", "%-5d|", "%u\\n", "%X ", "%#x ", "%i\\n", "% d|")
FILTERS = ("cat", "sort", "wc -l", "tr a-m A-M", "head -n 1", "sort -u", "tr -d ' '", "tail -n 1", "wc -c")


STARTS_PROCESS = re.compile(r"\b(cat|sort|wc|tr|head|tail|sh|nothing_of_that_name|wait)\b|(^|[ ;])\(|[^|]\|[^|>]|&$")


class Chance(Protocol):
    """What decides: `random.Random`, or hypothesis, which makes the scripts that differ smaller."""

    def choice(self, values: tuple[Value, ...], /) -> Value: ...
    def randint(self, least: int, most: int, /) -> int: ...


class Drawn(NamedTuple):
    """By hypothesis."""

    draw: st.DrawFn

    def choice(self, values: tuple[Value, ...], /) -> Value:
        value: Value = self.draw(st.sampled_from(values))
        return value

    def randint(self, least: int, most: int, /) -> int:
        return self.draw(st.integers(least, most))


@st.composite
def scripts(draw: st.DrawFn) -> str:
    """A whole script."""
    return Writer(Drawn(draw)).script()


class Writer:
    """Writes one script.  `left`: how many commands it may still get.

    `alone`: nearly all of them are to run in the shell's own process, which is twenty times as fast.
    """

    def __init__(self, chance: Chance, left: int = LARGEST, alone: bool = False) -> None:
        self.chance = chance
        self.left = left
        self.alone = alone
        self.counters = 0
        self.functions: list[str] = []
        self.loops = 0
        self.in_function = False

    def pick(self, values: tuple[Value, ...]) -> Value:
        values = without_processes(values) if self.alone else values
        return self.chance.choice(values)

    def number(self, least: int, most: int) -> int:
        return self.chance.randint(least, most)

    def rarely(self) -> bool:
        return self.number(0, 5) == 5

    # The script and its commands

    def script(self) -> str:
        count = self.number(1, min(5, self.left // 2))
        lines = [*self.start(), *(self.command(2) for _ in range(count))]
        if self.rarely():
            lines.append(self.pick(("false", "(exit 3)", "exit 7", "exit", "! true", "sh -c 'kill -TERM $$'")))
        text = "\n".join(lines) + "\n"
        for shown in ('echo "$?"', "echo $?"):
            text = text.replace(shown, "status")
        return FUNCTIONS + text

    def start(self) -> list[str]:
        """Values for most variables, and options."""
        lines = ["m=3 n=-7"]
        if self.number(0, 3):
            lines.append(f"a={self.text_value()} b={self.text_value()}")
        if self.number(0, 1):
            lines.append("set -- " + " ".join(self.words(2)))
        if self.rarely():
            lines.append(self.pick(("set -e", "set -u", "set -f", "set -eu", "set -C", "set -a")))
        if self.rarely():
            lines.append(f"trap {self.quoted(self.simple(0))} EXIT")
        return lines

    def text_value(self) -> str:
        return self.pick(
            ("abcab", "'a b  c'", "' a:b::c '", "'*'", "''", "'a*b'", "'one\ntwo\n'", "x.txt", "'\\a\\*'")
        )

    def command(self, depth: int) -> str:
        if depth == 0 or self.left <= 0 or self.number(0, 2) == 0:
            return self.simple(depth)
        self.left -= 1
        return self.pick(COMPOUND)(self, depth - 1)

    def commands(self, depth: int) -> str:
        """One to three commands on lines of their own."""
        return "\n".join(self.command(depth) for _ in range(self.number(1, 3)))

    def simple(self, depth: int) -> str:
        self.left -= 1
        return self.pick(SIMPLE)(self, depth)

    # Simple commands

    def show(self, depth: int) -> str:
        return f"printf '<%s>' {' '.join(self.words(depth))}; echo"

    def show_state(self, depth: int) -> str:
        return self.pick(
            ('echo "$?"', 'printf "(%s)" "$@"; echo " $#"', "echo $m $n", 'printf "%s|" "$a" "$b" "$c"', "echo $#")
        )

    def assign(self, depth: int) -> str:
        made = [f"{name}={self.word(depth, NAMES.index(name))}" for name in NAMES if self.number(0, 1)]
        return " ".join(made) or f"n=$(({self.arithmetic(2)}))"

    def assign_for_one(self, depth: int) -> str:
        name = self.pick(NAMES)
        then = self.pick(
            ("true", "printf '%s\\n' x", 'sh -c \'printf "[%s]" "$a$b$c"\'', "eval 'say \"$a\"'", "false")
        )
        return f"{name}={self.word(depth, NAMES.index(name))} {then}"

    def count(self, depth: int) -> str:
        return f"{self.pick(NUMBERS)}=$(({self.arithmetic(2)}))"

    def separate(self, depth: int) -> str:
        """IFS changes for what follows, or for one `read`."""
        return self.pick((f"IFS={self.pick(SEPARATORS)}", "unset IFS", f"set -- {' '.join(self.words(depth, 0))}"))

    def formatted(self, depth: int) -> str:
        if self.number(0, 1):
            values = (str(self.number(-20, 300)), "0x1f", "010", "+5", "'-3'", "''", '"\'a"', "$m")
            return f"printf '{self.pick(NUMERIC_FORMATS)}' {self.pick(values)} {self.pick(values)}"
        return f"printf '{self.pick(FORMATS)}' {' '.join(self.words(depth))}"

    def test(self, depth: int) -> str:
        return f"{self.condition(depth)}; echo $?"

    def condition(self, depth: int) -> str:
        value = self.quoted_word
        kinds: tuple[Callable[[], str], ...] = (
            lambda: f"[ {value(0)} {self.pick(('=', '!='))} {value(0)} ]",
            lambda: f"test {self.pick(('-n', '-z', '!', ''))} {value(0)}",
            lambda: f"[ $m {self.pick(('-eq', '-ne', '-lt', '-gt', '-le', '-ge'))} {self.number(-9, 9)} ]",
            lambda: (
                f"[ {self.pick(('-e', '-f', '-d', '-s', '-r', '-h', '! -f'))} {self.pick(('sub', 'one.txt', 'no', 'sub/y'))} ]"
            ),
            lambda: self.pick(("true", "false", "! true", "! false", ":", "(exit 2)")),
            lambda: f"case {self.word(0)} in {self.pick(PATTERNS) or EMPTY}) true ;; *) false ;; esac",
        )
        return self.pick(kinds)()

    def read(self, depth: int) -> str:
        separators = f"IFS={self.pick(SEPARATORS)} " if self.number(0, 1) else ""
        raw = self.pick(("", "-r "))
        names = self.pick(("a", "a b", "a b c"))
        after = '; status; printf \'%s,\' "$a" "$b" "${c-}"; echo'
        if self.number(0, 1):
            return f"{separators}read {raw}{names} <{self.pick(('one.txt', 'sub/y', 'no', '/dev/null'))}{after}"
        return f"{separators}read {raw}{names} <<e\n{self.here_line()}\ne\n{after[2:]}"

    def here_line(self) -> str:
        return self.pick(
            ("a:b:c", " a b  c d ", "a\\ b c", ":a::", "  ", "${a-}", "-a-b", "${b:-x y}", "a : b:c", "\\a\\b")
        )

    def eval(self, depth: int) -> str:
        return f"eval {self.quoted(self.simple(0))}"

    def unset(self, depth: int) -> str:
        return self.pick(("unset a", "unset -v b", "unset c a", "unset -f f0", "export a", "export b=x", "unset u"))

    def options(self, depth: int) -> str:
        return self.pick(("set -f", "set +f", "set +e", "set +u", "set -e", "set --"))

    def leave(self, depth: int) -> str:
        """Out of a loop, a function or a subshell."""
        if self.loops and self.number(0, 2):
            return self.pick(
                (
                    "break",
                    "continue",
                    "[ $m -gt 0 ] || break",
                    f"break {self.number(1, self.loops)}",
                    f"continue {self.number(1, self.loops)}",
                    "false && continue",
                )
            )
        if self.in_function:
            return self.pick(("return", "return 3", "[ $# -gt 1 ] && return 4", "return $(($# + 1))"))
        return self.pick(("[ $# -gt 0 ] && shift", "true", "(exit 5)", "false || :"))

    def call(self, depth: int) -> str:
        if not self.functions:
            return self.show(depth)
        name = self.pick(tuple(self.functions))
        before = self.pick(("", "", "a=x ", "b=$a IFS=: ", "m=5 ", "c=y ", "PATH=/nowhere "))
        after = self.pick(("", "", "", " >out", " >>out", " <one.txt", " 3>&1", " <missing"))
        return f'{before}{name} {" ".join(self.words(0))}{after}; echo "$?"; printf "(%s)" "$a" "$m" "$#"; echo'

    def by_alias(self, depth: int) -> str:
        """Aliases are made on one line, and used on the next."""
        value = self.pick(
            ("echo ", "echo one; echo", "printf %s- ", "x=1 ", "{ echo in;", "if true; then", ">out ", "! echo ", "")
        )
        used = self.pick(
            (
                "word",
                "word word",
                "word other; word",
                "word echo two",
                "word b && word",
                "(word)",
                "$(word)",
                "wo\\\nrd",
            )
        )
        end = {"{ echo in;": "; }", "if true; then": "; fi"}.get(value, "")
        safe = "printf '<%s>' three " if end or value == "" else ""
        line = f"word {safe}{self.word(0)}{end}" if end or value == "" else used
        return f"alias word={self.quoted(value)} other='printf said%s '\neval {self.quoted(line)}; status\nunalias word other"

    def nested_documents(self, depth: int) -> str:
        """Here-documents in substitutions, and substitutions in here-documents."""
        inner = f"cat <<in\n{self.pick(HERE_LINES)}\n{self.pick(HERE_LINES)}\nin\n"
        return self.pick(
            (
                f"cat <<out\n$({inner})\n{self.pick(HERE_LINES)}\nout",
                f'say "$({inner})" | cat -',
                f"for a in 1 2; do cat <<x; done <<y\n{self.pick(HERE_LINES)}\nx\nlost\ny",
                f"while read -r a; do cat <<x; done <<y\n[$a]\nx\n{self.here_line()}\n{self.here_line()}\ny",
                f"cat <<one - <<'two'\n{self.pick(HERE_LINES)}\none\n{self.pick(HERE_LINES)}\ntwo",
                f'a=$(tr a-z A-Z <<x\n{self.pick(HERE_LINES)}\nx\n); say "$a"',
            )
        )

    def redirected(self, depth: int) -> str:
        kinds = (
            ">out",
            ">>out",
            "2>&1",
            ">|out",
            "3>&1 >out",
            ">out 2>&1",
            "<one.txt",
            "2>/dev/null",
            "1<>out",
            ">sub/o",
        )
        command = self.pick(("echo a", "cat <two.txt", "printf %s b", "sh -c 'echo c; echo d >&2'", "echo e >&2"))
        return f"{command} {self.pick(kinds)}; cat out sub/o"

    def elsewhere(self, depth: int) -> str:
        return self.pick((
            '(cd sub && echo "${PWD##*/}" && echo *)', "(cd sub; cd ..; echo *.txt)", "command -v echo cat >/dev/null; echo $?",
            "nothing_of_that_name; echo $?", "./one.txt; echo $?", "command echo x", "umask 027; umask", "(umask 77; umask)",
            "(readonly a; a=2; echo on); echo $?", "{ echo a & wait $!; }; echo $?", "false & wait $!; echo $?",
            ". ./sub/x.txt; echo $?", "echo 'say \"$a $#\"' >s; . ./s", "trap 'printf bye; status' EXIT", "(trap 'echo in' EXIT; exit 4)",
            "(trap 'echo usr' USR1; sh -c 'kill -USR1 $PPID'; echo after)", "trap - EXIT", "exec 3<two.txt; read a <&3; read b <&3; exec 3<&-",
            "exec 4>out; echo a >&4; echo b >&4; exec 4>&-; cat out", "(exec echo x; echo y)", "alias say='echo said '\nsay say\nunalias say",
            "times >/dev/null", "cat <<-e\n\t\ta $m\n\te", "cat <<'e'\n$a `b` \\\ne", "(set -u; echo $u; echo on); echo $?",
            "(set -e; false; echo on); echo $?", "(set -C; >out; echo a >out; echo b >|out; echo $?)", "echo \"$(echo \"$(echo '\"')\")\"",
        ))  # fmt: skip

    def contained(self, depth: int) -> str:
        """Commands in a `$(…)` whose effects must not be seen outside."""
        inside = self.pick((
            "a=x b=y; unset c; printf '%s' \"$a$b\"", "set -- q r s; printf '%s' $#", "m=9; printf %s $((m += 1)) $((n = 2))",
            "for i in a b c; do printf %s $i; [ $i = b ] && break; done", "exit 3; say never", "false; status", "IFS=:; set -f; say x:y",
            "printf %s ${u:=made} ${u}", "readonly k=1; k=2; say on", "say() { :; }; say x", "cd sub; pwd >/dev/null",
            "set -u; say $u; say on", "set -e; say on; false", "export a=inner; sh -c 'printf %s \"$a\"'", "trap 'printf bye' EXIT; printf x",
            "printf a; printf '\\n\\n'", "(a=deep; printf %s $a); printf %s \"$a\"", "say $(a=q; say $a)$a", "umask 77; umask", "alias x=y",
            "OPTIND=1; getopts a o -a; printf %s $o", "break; printf on", "shift 2>/dev/null; printf %s $#", "if [ $m -gt 2 ]; then printf big; fi",
            "case $a in a*) printf y; exit 5 ;; *) printf n ;; esac", "[ -t 1 ] || printf piped", "true && false || ! true", ": $((m / 1))",
        ))  # fmt: skip
        after = 'status; say "$a $b ${c-} ${u-} $m $n $# ${IFS+i}"; case $- in *[fu]*) say options ;; esac; umask; printf %s "${PWD##*/}"; echo; printf "%s\\n" *'
        return f'{self.pick(("c=", "x=", "say "))}"$( {inside})"; {after}'

    def options_of(self, depth: int) -> str:
        """getopts over some arguments."""
        arguments = self.pick(
            ("-a -b", "-ab x", "-cx y", "-c x -a", "-z -a", "-c", "-a -- -b", "-abcx -a y", "", "x -a", "-b - -a", "-a-b", "'' -a", "-a ''", "-c '' -b",
             "-c -- -a", "-ab-c x", "--a", '"$n" -b')
        )  # fmt: skip
        spec = self.pick(("abc:", ":abc:", "ab", ":c:"))
        return f'OPTIND=1\nwhile getopts {spec} o {arguments or "--"}; do say "$o ${{OPTARG:-none}}"; done; echo "$? $o $OPTIND"'

    # Compound commands

    def group(self, depth: int) -> str:
        return f"{{ {self.commands(depth)}\n}}{self.redirects()}"

    def redirects(self) -> str:
        return self.pick((" >>out", " 2>/dev/null", " <two.txt")) if self.rarely() else ""

    def subshell(self, depth: int) -> str:
        before = self.loops, self.in_function
        self.loops, self.in_function = 0, False
        body = self.commands(depth)
        self.loops, self.in_function = before
        return f"({body}\n){self.redirects()}"

    def if_(self, depth: int) -> str:
        text = f"if {self.condition(depth)}\nthen {self.commands(depth)}\n"
        if self.rarely():
            text += f"elif {self.condition(depth)}; then {self.commands(depth)}\n"
        if self.number(0, 1):
            text += f"else {self.commands(depth)}\n"
        return f"{text}fi{self.redirects()}"

    def loop(self, depth: int) -> str:
        self.counters += 1
        counter = f"i{self.counters}"
        test = f"[ $(({counter} += 1)) -le {self.number(0, 3)} ]"
        head = f"while {test}" if self.number(0, 1) else f"until ! {test}"
        return f"{counter}=0\n{head}; do {self.in_loop(depth)}\ndone{self.redirects()}"

    def read_loop(self, depth: int) -> str:
        body = self.pick(('printf \'%s;\' "$a" "$b"', '[ "$a" ] || break', "a=x$a; continue", 'say "$b"'))
        return f"while {self.pick(('', 'IFS=: '))}read {self.pick(('', '-r '))}a b; do {body}; done <{self.pick(('one.txt', 'two.txt'))}; echo $?"

    def in_loop(self, depth: int) -> str:
        self.loops += 1
        body = self.commands(depth)
        self.loops -= 1
        return body

    def for_(self, depth: int) -> str:
        words = " in " + " ".join(self.words(0, 0)[:3]) if self.number(0, 3) else ""
        return f'for a{words}\ndo say "a=$a"; {self.in_loop(depth)}\ndone{self.redirects()}'

    def case(self, depth: int) -> str:
        items = []
        for _ in range(self.number(0, 3)):
            pattern = "|".join(self.pick(PATTERNS) or EMPTY for _ in range(self.number(1, 2)))
            items.append(
                f"{self.pick(('', '('))}{pattern}) {self.commands(depth) if self.number(0, 3) else ''}\n;;\n"
            )
        return f"case {self.word(0)} in\n{''.join(items)}esac{self.redirects()}"

    def function(self, depth: int) -> str:
        """A function calls only those defined before it."""
        name = f"f{len(self.functions)}"
        before, self.loops, self.in_function = self.loops, 0, True
        body = self.commands(depth)
        self.loops, self.in_function = before, False
        self.functions.append(name)
        return f'{name}() {{ {body}\n}}{self.redirects()}\n{name} {" ".join(self.words(0))}\necho "$?"'

    def and_or(self, depth: int) -> str:
        parts = [self.condition(depth)]
        parts += [f" {self.pick(('&&', '||'))} {{ {self.command(depth)}\n}}" for _ in range(self.number(1, 2))]
        return "".join(parts)

    def pipeline(self, depth: int) -> str:
        """Only the last stage writes where it is seen, and none writes files: else there would be races."""
        first = self.pick(("cat one.txt", "printf '%s\\n' b a \"$a\"", "echo $m $n", "for x in c b a; do echo $x; done",
                           f"{{ {self.show(0)}\n}}", "(echo z; exit 3)", "cat two.txt"))  # fmt: skip
        last = self.pick(
            (
                *FILTERS,
                "while read -r x; do printf '(%s)' \"$x\"; done",
                '{ read a; say "got $a"; cat; }',
                "(cat; exit 4)",
            )
        )
        middle = f" | {self.pick(FILTERS)}" if self.number(0, 1) else ""
        return f'{self.pick(("", "! "))}{first}{middle} | {last}; echo "$?"'

    def here_document(self, depth: int) -> str:
        lines = "\n".join(self.pick(HERE_LINES) for _ in range(self.number(1, 3)))
        reader = self.pick(("cat", "tr a-c x", 'while read -r x; do say "[$x]"; done'))
        return f"{reader} <<{self.pick(('', '-'))}END\n{lines}\nEND"

    def nested_eval(self, depth: int) -> str:
        return f"eval {self.quoted(self.commands(depth))}; echo $?"

    # Words

    def words(self, depth: int, names: int = 3) -> list[str]:
        return [self.word(depth, names) for _ in range(self.number(1, 3))]

    def word(self, depth: int, names: int = 3) -> str:
        return "".join(self.part(depth, names) for _ in range(self.number(1, 3))).replace("$(((", "$(( (")

    def part(self, depth: int, names: int) -> str:
        match self.number(0, 7):
            case 0 | 1:
                return self.pick(PLAIN)
            case 2:
                return self.pick(GLOBS)
            case 3:
                return f"'{self.pick(SINGLE)}'"
            case 4:
                return self.quoted_word(depth, names)
            case 5:
                return self.pick(("\\ ", "\\*", "\\\\", "\\$", "~root/", "{a,b}", "#x"))
        return self.expansion(depth, names, quoted=False)

    def quoted_word(self, depth: int, names: int = 3) -> str:
        parts = [
            self.pick(DOUBLE) if self.number(0, 1) else self.expansion(depth, names, quoted=True)
            for _ in range(self.number(0, 3))
        ]
        return f'"{"".join(parts)}"'

    def expansion(self, depth: int, names: int, quoted: bool) -> str:
        match self.number(0, 6):
            case 0 | 1:
                return "${" + self.name(names) + "}" if names else "$m"
            case 2:
                return (
                    self.pick(("$#", "$m", "$n", "$?"))
                    if names < 3
                    else self.pick(("$1", "$2", "$@", "$*", "$#", "${3-}", "${10}"))
                )
            case 3 | 4:
                return self.operator(names, quoted)
            case 5:
                return f"$(({self.arithmetic(1)}))"
        return self.substitution(depth, names)

    def name(self, names: int) -> str:
        return self.pick((*NAMES[:names], UNSET)) if names else UNSET

    def operator(self, names: int, quoted: bool) -> str:
        name = self.name(names)
        if self.rarely():  # lines that are joined in the middle of it
            first, second, third = (self.pick(("", "\\\n")) for _ in range(3))
            return f"${{{first}{name}{second}{self.pick((':-', '-', ':+', '+'))}{third}x}}"
        if self.number(0, 1):
            return f"${{{self.pick((name, name, '1') if names == 3 else (name,))}{self.pick(('#', '##', '%', '%%'))}{self.pattern(names)}}}"
        if self.rarely():
            return f"${{#{name}}}"
        operator = self.pick((":-", "-", ":+", "+") if name == UNSET else (":-", "-", ":+", "+", ":=", "="))
        if quoted:
            return f"${{{name}{operator}{self.pick(('', 'x y', '*', '$m', '$*', 'a:b', ' '))}}}"
        return f"${{{name}{operator}{self.pick(('', 'x y', '*', '$m', 'a:b', ' z ')) if self.number(0, 1) else self.quoted_word(0, names)}}}"

    def pattern(self, names: int) -> str:
        return self.pick((*PATTERNS, "$m", '"$n"', "a?", "*[ab]"))

    def substitution(self, depth: int, names: int) -> str:
        if depth == 0 or self.left <= 0 or names < 3:
            return self.pick(
                (
                    "$(echo x y)",
                    "$(printf 'a\\n\\n')",
                    "`echo $m`",
                    "$(cat two.txt)",
                    "$()",
                    "$(exit 3)",
                    "`echo '*'`",
                    "$(cat <<e\nh $n\ne\n)",
                )
            )
        before = self.loops, self.in_function
        self.loops, self.in_function = 0, False
        body = self.commands(depth - 1)
        self.loops, self.in_function = before
        return f"$({' ' if body.startswith('(') else ''}{body}\n)"

    def arithmetic(self, depth: int) -> str:
        if depth == 0:
            return self.pick(LEAVES)
        left, right = self.arithmetic(depth - 1), self.arithmetic(depth - 1)
        match self.number(0, 6):
            case 0:
                return f"({left}) {self.pick(('/', '%'))} {self.number(1, 9)}"
            case 1:
                return f"{left} ? {right} : {self.number(0, 5)}"
            case 2:
                return f"{self.pick(('', '1 + '))}(m {self.pick(('=', '+=', '-=', '&=', '|=', '^='))} ({self.pick(LEAVES)}) % 100)"
            case 3:
                return f"{self.pick(('!', '~', '- ', '+ '))}({left})"
            case 4:
                return f"({left}) {self.pick(('<<', '>>'))} {self.number(0, 4)}"
        return f"({left} {self.pick(OPERATORS)} {right}) % 1000"

    def quoted(self, text: str) -> str:
        """As one word in single quotes."""
        return "'" + text.replace("'", "'\\''") + "'"


SIMPLE = (
    Writer.show, Writer.show, Writer.show_state, Writer.assign, Writer.assign_for_one, Writer.count, Writer.separate, Writer.formatted,
    Writer.test, Writer.read, Writer.eval, Writer.unset, Writer.options, Writer.leave, Writer.call, Writer.redirected,
    Writer.elsewhere, Writer.options_of, Writer.by_alias, Writer.nested_documents, Writer.contained, Writer.contained,
)  # fmt: skip
COMPOUND = (
    Writer.group, Writer.subshell, Writer.if_, Writer.loop, Writer.read_loop, Writer.for_, Writer.case, Writer.function,
    Writer.and_or, Writer.pipeline, Writer.here_document, Writer.nested_eval,
)  # fmt: skip


@cache
def without_processes(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Those that start no process; all, if all do."""
    forking = (Writer.subshell, Writer.pipeline, Writer.nested_documents)
    alone = tuple(
        value
        for value in values
        if not (STARTS_PROCESS.search(value) if isinstance(value, str) else value in forking)
    )
    return alone or values
