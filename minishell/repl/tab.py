"""What the Tab key does.

prompt-toolkit looks for completions in a task of its own: an Enter right behind Tab would run the line without
them, and show it with them.  Here they are in the line before the next key is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.buffer import CompletionState
from prompt_toolkit.completion import CompleteEvent, get_common_complete_suffix

if TYPE_CHECKING:
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.completion import Completion
    from prompt_toolkit.key_binding import KeyPressEvent


def press_tab(event: KeyPressEvent) -> None:
    """Complete as far as there is no choice, then show what there is to choose from; after that, choose."""
    complete(event.current_buffer)


def complete(buffer: Buffer) -> None:
    if buffer.complete_state is not None:
        buffer.complete_next()
    elif buffer.completer is not None:
        asked = CompleteEvent(completion_requested=True)
        accept(buffer, list(buffer.completer.get_completions(buffer.document, asked)))


def accept(buffer: Buffer, found: list[Completion]) -> None:
    """Type what all completions begin with; if there is but one, all of it."""
    if len(found) == 1:
        buffer.apply_completion(found[0])
        return
    common = get_common_complete_suffix(buffer.document, found)
    if common:
        buffer.insert_text(common)
        found = [completion.new_completion_from_position(len(common)) for completion in found]
    if found:
        buffer.complete_state = CompletionState(buffer.document, found)
        buffer.on_completions_changed.fire()
