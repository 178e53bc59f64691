# expect: fail: child
"""The right number, by somebody else's work."""

import os

os.system("ls /sub/garden | wc -l")
