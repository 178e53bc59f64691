"""A lesson on the whole terminal: scroll through it, and run its cells where they stand."""

import asyncio
import os
from pathlib import Path
from typing import Literal

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import ANSI, StyleAndTextTuples, to_formatted_text
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl

from minishell.lessons import progress
from minishell.lessons.cells import Cell, carry_out, cells
from minishell.lessons.reading import BOLD, DIM, END, Line, laid_out, plain_text
from minishell.lessons.verdict import told

WIDEST = 100  # columns; longer lines of prose are hard to read
KEYS = "space: on   b: back   tab: next cell   r: run it   n: next lesson   ^Z: to the shell   q: end"

Choice = Literal["end", "next"]


class Browser:
    """One lesson on the screen.  `top` is the first line shown; `verdicts` what became of the cells that were run."""

    def __init__(self, page: Path, title: str) -> None:
        self.page, self.title = page, title
        self.cells = {cell.number: cell for cell in cells(page)}
        self.verdicts: dict[int, list[str]] = {}
        self.top = 0
        self.columns = 0
        self.page_lines: list[Line] = []
        self.app: Application[Choice] = Application(
            layout=Layout(
                HSplit(
                    [
                        Window(FormattedTextControl(self.visible, focusable=True, show_cursor=False)),
                        Window(FormattedTextControl(self.bar), height=1, style="reverse"),
                    ]
                )
            ),
            key_bindings=self.keys(),
            full_screen=True,
        )

    def show(self) -> Choice:
        """Read until the reader wants something else."""
        return self.app.run()

    # What is on the screen

    @property
    def rows(self) -> int:
        """How many lines of the lesson there is room for."""
        return max(1, self.app.output.get_size().rows - 1)

    def lines(self) -> list[Line]:
        """The page with the verdicts in it, for the width that the terminal has now."""
        columns = self.app.output.get_size().columns
        if columns != self.columns:
            self.columns = columns
            self.page_lines = laid_out(self.page, min(columns - 2, WIDEST))
        shown: list[Line] = []
        for line in self.page_lines:
            if line.cell:
                sign = plain_text(line.text)
                shown.append(Line(f"{sign}{DIM}──{END} {BOLD}[{line.cell}]{END} {DIM}r runs it ──{END}", line.cell))
                shown.extend(Line(f"{sign}{text}") for text in self.verdicts.get(line.cell, ()))
            else:
                shown.append(line)
        return shown

    def visible(self) -> StyleAndTextTuples:
        """The lines from `top` on.  Who has seen the last one has read the lesson."""
        lines = self.lines()
        self.top = max(0, min(self.top, len(lines) - self.rows))
        if self.top + self.rows >= len(lines):
            progress.note(self.page.parent.name, read=True)
        text = "\n".join(line.text for line in lines[self.top : self.top + self.rows])
        return to_formatted_text(ANSI(plain_text(text) if "NO_COLOR" in os.environ else text))

    def bar(self) -> str:
        """The last row: where we are, and what the keys do."""
        seen = min(100, 100 * (self.top + self.rows) // max(1, len(self.lines())))
        return f" {self.title}  {seen} %   {KEYS}"

    # What the keys do

    def keys(self) -> KeyBindings:
        """The keys, as in less(1) where that has them."""
        keys = KeyBindings()
        for names, step in (
            ((" ", "pagedown", "c-f"), lambda: self.rows - 1),
            (("b", "pageup", "c-b"), lambda: 1 - self.rows),
            (("j", "down", "enter"), lambda: 1),
            (("k", "up"), lambda: -1),
            (("g", "home"), lambda: -self.top),
            (("G", "end"), lambda: len(self.lines())),
        ):
            for name in names:
                keys.add(name)(lambda event, step=step: self.scroll(step()))
        keys.add("tab")(lambda event: self.go_to_next_cell())
        keys.add("r")(self.run_cell)
        keys.add("n")(lambda event: event.app.exit(result="next"))
        keys.add("c-z")(lambda event: event.app.suspend_to_background())
        for name in ("q", "c-c", "c-d"):
            keys.add(name)(lambda event: event.app.exit(result="end"))
        return keys

    def scroll(self, count: int) -> None:
        """Go on by some lines, or back."""
        self.top = max(0, self.top + count)

    def go_to_next_cell(self) -> None:
        """Have the next cell at the top of the screen."""
        lines = self.lines()
        places = [place for place in range(self.top + 1, len(lines)) if lines[place].cell]
        if places:
            self.top = places[0]

    def run_cell(self, event: KeyPressEvent) -> None:
        """Run the first cell on the screen, while the reader reads on."""
        lines = self.lines()[self.top : self.top + self.rows]
        number = next((line.cell for line in lines if line.cell), 0)
        if number and self.verdicts.get(number) != [RUNNING]:
            self.verdicts[number] = [RUNNING]
            event.app.create_background_task(self.judge(self.cells[number]))

    async def judge(self, cell: Cell) -> None:
        """Carry out the cell beside the event loop, and show what became of it."""
        async with ONE_AT_A_TIME:
            result = await asyncio.get_running_loop().run_in_executor(None, carry_out, cell)
        if result.same:
            progress.note(self.page.parent.name, cell=cell.number)
        self.verdicts[cell.number] = told(cell, result)
        self.app.invalidate()


RUNNING = f"{DIM}running …{END}"
ONE_AT_A_TIME = asyncio.Lock()
