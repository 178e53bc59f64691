"""The process in which an example is observed: a request as JSON on standard input, the answer on output.

`run` starts it.  It is apart because the observer forks, traces and waits, which would disturb cog.
"""

import itertools
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from minishell.show.timeline import timeline
from minishell.trace import observer
from minishell.trace.event import Event, Fork
from minishell.trace.sinks import dump
from minishell.trace.story import story


def picture(request: dict[str, Any]) -> dict[str, Any]:
    """Watch the script under the controlled schedule; its picture, story, events and output."""
    script, *args = itertools.dropwhile(lambda word: word.startswith("-"), request["args"])
    seen = observer.observe_script(str(Path(request["cwd"], script)), args, controlled=True, **surroundings(request))
    return {
        "status": seen.status,
        "svg": timeline(seen.events, request["title"]),
        "story": story(seen.events),
        "events": list(dump(seen.events)),
        "output": seen.output.decode("latin-1"),
    }


def trace(request: dict[str, Any]) -> dict[str, Any]:
    """Watch the script as `picture` does; the lines of its trace file, and what `run` tells of it."""
    script, *args = request["args"]
    how = "ended"
    try:
        seen = observer.observe_script(str(Path(request["cwd"], script)), args, **surroundings(request))
    except observer.Overran as overrun:
        how, seen = str(overrun), overrun.observation
    output = seen.output.decode("latin-1")
    return {"how": how, "status": seen.status, "output": output, "events": list(dump(seen.events))}


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Let the script run as it likes; its output, and the pids that there were, in order of birth."""
    how = "ended"
    try:
        seen = observer.observe(["python3", *request["args"]], controlled=False, **surroundings(request))
    except observer.Overran as overrun:
        how, seen = "late", overrun.observation
    status = seen.status << 8 if seen.status >= 0 else -seen.status  # as waitpid gives it
    return {"how": how, "status": status, "output": seen.output.decode("latin-1"), "pids": pids(seen.events)}


def surroundings(request: dict[str, Any]) -> dict[str, Any]:
    """What both ways of observing are told alike."""
    told = {name: request[name] for name in ("env", "cwd", "timeout_s")}
    return told | {"stdin": (request["stdin"] or "").encode()}


def pids(events: Sequence[Event]) -> list[int]:
    """The first process, then each child as it was forked."""
    return [event.pid for event in events[:1]] + [event.child for event in events if isinstance(event, Fork)]


def main() -> int:
    """Answer one request; a refusal goes to standard error."""
    try:
        request = json.load(sys.stdin)
        json.dump({"picture": picture, "run": run, "trace": trace}[request["wanted"]](request), sys.stdout)
    except (observer.Refused, observer.Overran) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
