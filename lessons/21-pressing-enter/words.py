"""Print the words that this program was given, one in each pair of brackets."""

import sys

print(*(f"[{word}]" for word in sys.argv[1:]))
