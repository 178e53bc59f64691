"""The line editor: one prompt-toolkit session and one event loop for the life of the shell.

Between prompts the loop does not run: jobs are waited for by plain code.  While it runs, SIGCHLD wakes it,
so that what happens to jobs is told at once, above the line being typed.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import DynamicCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER, EditingMode
from prompt_toolkit.filters import has_focus
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.key_binding import KeyBindings

from minishell.errors import ShellExit
from minishell.ids import FIRST_PRIVATE_FD, Fd
from minishell.kernel.signals import NUMBERS
from minishell.repl.console import ConsoleInput, ConsoleOutput
from minishell.repl.highlight import highlighter
from minishell.repl.history import ForgivingHistory, Remembered
from minishell.repl.prompt import continuation, plain, prompt
from minishell.repl.style import style
from minishell.repl.tab import press_tab
from minishell.repl.toolbar import toolbar
from minishell.repl.unfinished import is_unfinished
from minishell.run.signals import note_signal

if TYPE_CHECKING:
    from types import FrameType

    from prompt_toolkit.completion import Completer
    from prompt_toolkit.formatted_text import AnyFormattedText
    from prompt_toolkit.key_binding import KeyPressEvent

    from minishell.kernel.calls import Kernel
    from minishell.repl.prompt import Fragments
    from minishell.shell import Shell

MENU_ROWS = 8
"""Rows made free below the line when there are completions to choose from."""


class Editor:
    """Reads lines, and shows notices while it does."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.hung_up = False
        self.tab_completer: Completer | None = None
        with LowDescriptorsTaken(shell.kernel):
            self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.loop.add_signal_handler(NUMBERS["CHLD"], self.on_child)
        shell.handlers[NUMBERS["CHLD"]] = lambda signum, frame: None  # any handler at all wakes the loop
        shell.jobs.poll(shell.kernel)  # what happened before will not be told again
        self.screen, self.keyboard = self.open_terminal()
        self.input = ConsoleInput(shell.kernel, self.keyboard, shell.terminal)
        lines = ForgivingHistory(shell)
        shell.history = Remembered(lines)
        self.session: PromptSession[str] = PromptSession(
            input=self.input,
            output=ConsoleOutput(self.screen),
            message=lambda: with_colours(prompt(shell)),
            prompt_continuation=lambda width, number, wrapped: "" if wrapped else continuation(shell),
            multiline=True,
            key_bindings=key_bindings(),
            completer=DynamicCompleter(self.completer),
            complete_while_typing=False,
            lexer=highlighter(shell),
            auto_suggest=AutoSuggestFromHistory(),
            history=lines,
            style=style(shell.variables.values),
            include_default_pygments_style=False,
            reserve_space_for_menu=MENU_ROWS,
        )
        self.app = self.session.app
        self.app.ttimeoutlen = 0.05
        self.app.terminal_size_polling_interval = None  # SIGWINCH tells
        self.typed_before_interrupt = self.typed_before_stop = 0
        self.aside = Document()
        shell.when_trapped = self.on_trapped
        shell.handlers[NUMBERS["INT"]] = self.on_interrupt
        if NUMBERS["HUP"] in shell.handlers:
            shell.handlers[NUMBERS["HUP"]] = self.on_hang_up
        if shell.terminal is not None:
            shell.handlers[NUMBERS["TSTP"]] = self.on_stop_key
        for signum, action in shell.handlers.items():
            shell.kernel.sigaction(signum, action)

    def read_line(self) -> str | None:
        """The next line; "" if Ctrl-C gave it up or a trap has to run first, None at the end of the input."""
        self.show_jobs()
        self.app.editing_mode = EditingMode.VI if "vi" in self.shell.options else EditingMode.EMACS
        self.app.layout.focus(DEFAULT_BUFFER)  # a Ctrl-C may have ended a search
        self.app.layout.search_links.clear()
        try:
            default, self.aside, self.app.erase_when_done = self.aside, Document(), False
            line = self.session.prompt_async(default=default, pre_run=self.when_drawn, handle_sigint=False)
            return self.loop.run_until_complete(line)
        except KeyboardInterrupt:
            self.shell.status = 128 + NUMBERS["INT"]
            return ""
        except EOFError:
            self.hung_up = self.hung_up or self.input.closed
            return None
        except OSError:  # EIO: nothing can be drawn on a terminal that is gone
            self.hung_up = True
            return None
        finally:
            self.forget_early_stop_key()

    def completer(self) -> Completer:
        """What Tab asks: imported when it is pressed for the first time."""
        if self.tab_completer is None:
            from minishell.repl.completion import completer

            self.tab_completer = completer(self.shell)
        return self.tab_completer

    def open_terminal(self) -> tuple[TextIO, TextIO]:
        """The terminal to write to and to read from: not 1 and 0, which `exec` may lead elsewhere."""
        terminal = self.shell.terminal
        if terminal is None:
            return sys.stdout, sys.stdin
        return (
            os.fdopen(terminal.fd, "w", encoding="utf-8", errors="surrogateescape", closefd=False),
            os.fdopen(terminal.fd, encoding="utf-8", closefd=False),
        )

    def when_drawn(self) -> None:
        """A signal may have come between the last look and the loop, when there was no line yet."""
        self.loop.call_soon(self.tell)
        pending = self.shell.pending
        if any(self.shell.traps.get(signum) for signum in pending):
            self.loop.call_soon(self.put_line_aside)
        elif NUMBERS["INT"] in pending:  # it is not for the command that will be typed here
            pending.remove(NUMBERS["INT"])
            self.loop.call_soon(self.give_up_line, NUMBERS["INT"])

    def close(self) -> None:
        self.loop.close()

    @property
    def editing(self) -> bool:
        """Whether a line is being edited now: the screen is the editor's."""
        return self.app.is_running and not self.app.is_done

    # Notices

    def on_child(self) -> None:
        """A child has changed state.  Runs in the loop, never inside other code of the shell."""
        if self.shell.jobs.poll(self.shell.kernel):
            self.tell()

    def tell(self) -> None:
        """Tell what is new of the jobs, above the line.  Before the line is there, `read_line` calls this again."""
        if self.editing and self.shell.jobs.news:
            lines = []
            if "notify" in self.shell.options:
                lines = self.shell.jobs.notices() + self.shell.lost_observers()
            self.show_jobs()
            self.print_above("".join([f"{line}\n" for line in lines]))

    def show_jobs(self) -> None:
        """A toolbar, if there are jobs to show in it."""
        self.session.bottom_toolbar = (lambda: toolbar(self.shell)) if self.shell.jobs.jobs else None

    def print_above(self, text: str) -> None:
        """Write above the line being typed, and draw that again.

        Faster than prompt-toolkit's run_in_terminal, and the terminal never leaves the editor's modes.
        """
        self.app.renderer.erase()
        self.app.output.write_raw(text.replace("\n", "\r\n"))
        self.app.output.flush()
        self.app.renderer.reset()
        self.app._redraw()

    # Keys that are signals

    def on_interrupt(self, signum: int, frame: FrameType | None) -> None:
        """Ctrl-C.  While a line is edited it gives up the line; else it is for the command about to run."""
        self.typed_before_interrupt = self.input.lines.typed_so_far()
        if not self.editing:
            note_signal(self.shell, signum)
            return
        self.loop.call_soon_threadsafe(self.give_up_line, signum)

    def give_up_line(self, signum: int) -> None:
        if self.editing:
            self.input.lines.discard(self.typed_before_interrupt)
            self.app.key_processor.send_sigint()
        if not self.editing or signum in self.shell.traps:  # Enter came first; or somebody else wants to know
            self.shell.pending.append(signum)

    def on_trapped(self) -> None:
        """A trapped signal has come.  With nothing running that would have to end first, the action runs now."""
        if self.editing:
            self.loop.call_soon_threadsafe(self.put_line_aside)

    def put_line_aside(self) -> None:
        """End the line, which is to come again as it is."""
        if self.editing:
            self.aside = self.session.default_buffer.document
            self.app.erase_when_done = True
            self.app.exit(result="")

    def on_hang_up(self, signum: int, frame: FrameType | None) -> None:
        """The terminal is gone.  The loop would swallow an exception: there the line ends instead."""
        self.hung_up = True
        if not self.editing:
            raise ShellExit(128 + signum)
        self.loop.call_soon_threadsafe(self.end_line)

    def end_line(self) -> None:
        if self.editing:
            self.app.exit(exception=EOFError)

    def on_stop_key(self, signum: int, frame: FrameType | None) -> None:
        """Ctrl-Z.  It is noted for the command that may be about to run."""
        self.shell.pending.append(signum)
        self.typed_before_stop = self.input.lines.typed_so_far()

    def forget_early_stop_key(self) -> None:
        """The line has been read.  A Ctrl-Z that was pressed before its Enter was for nobody."""
        if self.typed_before_stop < self.input.lines.taken:
            self.shell.pending[:] = [signum for signum in self.shell.pending if signum != NUMBERS["TSTP"]]


def with_colours(fragments: Fragments) -> AnyFormattedText:
    """The prompt; escape sequences in a PS1 of the user's own mean colours."""
    text = plain(fragments)
    return ANSI(text) if "\x1b" in text else fragments


class LowDescriptorsTaken:
    """While this lasts new descriptors get numbers that nobody types: 3 to 9 are for redirections."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel, self.taken = kernel, list[Fd]()

    def __enter__(self) -> None:
        while (fd := self.kernel.open(os.devnull, os.O_RDONLY)) < FIRST_PRIVATE_FD:
            self.taken.append(fd)
        self.kernel.close(fd)

    def __exit__(self, *problem: object) -> None:
        for fd in self.taken:
            self.kernel.close(fd)


def key_bindings() -> KeyBindings:
    bindings = KeyBindings()
    bindings.add("tab")(press_tab)
    bindings.add("c-@")(lambda event: None)  # or Ctrl-Space would start a selection, into which typed text vanishes

    in_line = has_focus(DEFAULT_BUFFER)  # and not in the field of Ctrl-R, whose keys are prompt-toolkit's

    @bindings.add("enter", filter=in_line)
    def enter(event: KeyPressEvent) -> None:
        """Run the line, unless it is plain that more must come."""
        buffer = event.current_buffer
        if is_unfinished(buffer.text):
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    @bindings.add("c-d", filter=in_line)
    def end_of_input(event: KeyPressEvent) -> None:
        """The end of the input on an empty line, else delete a character."""
        if event.current_buffer.text:
            event.current_buffer.delete()
        else:
            event.app.exit(exception=EOFError)

    return bindings
