"""A signal with a handler, and one that is ignored: what is left of them?"""

import os
import signal

signal.signal(signal.SIGUSR1, lambda number, frame: print("never called"))
signal.signal(signal.SIGUSR2, signal.SIG_IGN)

SCRIPT = """
kill -USR2 $$; echo "sh survived USR2"
kill -USR1 $$; echo "sh survived USR1"
"""

os.execvp("sh", ["sh", "-c", SCRIPT])
