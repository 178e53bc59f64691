"""The line editor: one prompt-toolkit session and one event loop for the life of the shell.

Between prompts the loop does not run: jobs are waited for by plain code.  While it runs, SIGCHLD wakes it,
so that what happens to jobs is told at once, above the line being typed.
"""

from __future__ import annotations

import asyncio
import sys
import termios
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings

from minishell.errors import ShellError, ShellExit
from minishell.kernel.signals import NUMBERS
from minishell.repl.completion import completer
from minishell.repl.console import ConsoleInput, ConsoleOutput
from minishell.repl.highlight import highlighter
from minishell.repl.history import history
from minishell.repl.prompt import continuation, prompt
from minishell.repl.style import style
from minishell.repl.toolbar import toolbar
from minishell.source import Source
from minishell.syntax.parser import Parser, Unfinished

if TYPE_CHECKING:
    from types import FrameType

    from prompt_toolkit.key_binding import KeyPressEvent

    from minishell.shell import Shell

MENU_ROWS = 8
"""Rows made free below the line when there are completions to choose from."""


class Editor:
    """Reads lines, and shows notices while it does."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.hung_up = False
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.loop.add_signal_handler(NUMBERS["CHLD"], self.on_child)
        self.input = ConsoleInput(sys.stdin, shell.terminal)
        self.session: PromptSession[str] = PromptSession(
            input=self.input,
            output=ConsoleOutput(sys.stdout),
            message=lambda: prompt(shell),
            prompt_continuation=lambda width, number, wrapped: continuation(shell),
            multiline=True,
            key_bindings=key_bindings(),
            completer=completer(shell),
            complete_while_typing=False,
            lexer=highlighter(shell),
            auto_suggest=AutoSuggestFromHistory(),
            history=history(shell),
            style=style(shell.variables.values),
            include_default_pygments_style=False,
            reserve_space_for_menu=MENU_ROWS,
            editing_mode=EditingMode.VI if "vi" in shell.options else EditingMode.EMACS,
        )
        self.app = self.session.app
        self.app.ttimeoutlen = 0.05
        self.app.terminal_size_polling_interval = None  # SIGWINCH tells
        shell.kernel.sigaction(NUMBERS["INT"], self.on_interrupt)
        shell.kernel.sigaction(NUMBERS["HUP"], self.on_hang_up)
        if shell.terminal is not None:
            shell.kernel.sigaction(NUMBERS["TSTP"], self.on_stop_key)

    def read_line(self) -> str | None:
        """The next line; "" if Ctrl-C gave it up, None at the end of the input."""
        self.show_jobs()
        try:
            return self.loop.run_until_complete(self.session.prompt_async(handle_sigint=False))
        except KeyboardInterrupt:
            self.shell.status = 128 + NUMBERS["INT"]
            return ""
        except EOFError:
            self.hung_up = self.hung_up or self.input.closed
            return None
        finally:
            sys.stdout.flush()

    def close(self) -> None:
        self.loop.close()

    @property
    def editing(self) -> bool:
        """Whether a line is being edited now: the screen is the editor's."""
        return self.app.is_running and not self.app.is_done

    # Notices

    def on_child(self) -> None:
        """A child has changed state.  Runs in the loop, never inside other code of the shell."""
        if self.shell.jobs.poll(self.shell.kernel) and self.editing:
            lines = self.shell.jobs.notices()
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
        if not self.editing:
            self.shell.pending.append(signum)
            return
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)  # what was typed behind it goes too
        self.loop.call_soon_threadsafe(self.give_up_line, signum)

    def give_up_line(self, signum: int) -> None:
        if self.editing:
            self.app.key_processor.send_sigint()
        else:  # Enter came first
            self.shell.pending.append(signum)

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
        """Ctrl-Z.  It is noted for the command that may be about to run; `prepare_prompt` forgets it."""
        self.shell.pending.append(signum)


def key_bindings() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add("enter", filter=Condition(lambda: True))
    def enter(event: KeyPressEvent) -> None:
        """Run the line, unless it is plain that more must come."""
        buffer = event.current_buffer
        if is_unfinished(buffer.text):
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    @bindings.add("c-d", filter=Condition(lambda: True))
    def end_of_input(event: KeyPressEvent) -> None:
        """The end of the input on an empty line, else delete a character."""
        if event.current_buffer.text:
            event.current_buffer.delete()
        else:
            event.app.exit(exception=EOFError)

    return bindings


def is_unfinished(text: str) -> bool:
    """Whether a command in `text` needs another line.  An error is not unfinished: running it tells."""
    parser = Parser(Source("typed", text + "\n"))
    try:
        while parser.token.kind != "end of input":
            command = parser.next()
            if isinstance(command, Unfinished):
                return True
    except ShellError:
        return False
    return parser.ends_in_continuation
