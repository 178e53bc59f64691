"""os.popen: one pipe, one direction, a command line for the shell."""

import os

print("reading:")
listing = os.popen("ls garden | sort -r")
print(listing.read(), end="")
print("close gives", listing.close())

print("writing:")
counter = os.popen("wc -l", "w")
counter.write("basil\nmint\n")
counter.close()  # sends what is in the buffer, closes our end, waits for the command

print("failing:")
listing = os.popen("ls nowhere 2>&1")
print(listing.read(), end="")
print("close gives", listing.close(), "which is 2 << 8")
