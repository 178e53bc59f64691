# expect: fail: has no children
"""The right words, and no process at all."""

import sys

print(sys.argv[1], "children, none left")
