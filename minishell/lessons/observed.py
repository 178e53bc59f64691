"""The process in which an example is watched: a request as JSON on standard input, an answer on output.

`run.observe` starts it.  It is apart because the observer forks, traces and waits, which would disturb cog.
"""

import json
import sys
from pathlib import Path
from typing import Any

from minishell.show.timeline import timeline
from minishell.trace import observer
from minishell.trace.event import dump
from minishell.trace.story import story


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Watch the script under the controlled schedule; its picture, story and events."""
    args = [word for word in request["args"] if not word.startswith("-")]
    seen = observer.observe_script(
        str(Path(request["folder"], args[0])),
        args[1:],
        stdin=(request["stdin"] or "").encode(),
        env=request["env"],
        cwd=request["folder"],
        controlled=True,
        timeout_s=request["timeout_s"],
    )
    return {
        "status": seen.status,
        "svg": timeline(seen.events, request["title"]),
        "story": story(seen.events),
        "events": list(dump(seen.events)),
    }


def main() -> int:
    """Answer one request; a refusal goes to standard error."""
    try:
        json.dump(answer(json.load(sys.stdin)), sys.stdout)
    except (observer.Refused, observer.Overran) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
