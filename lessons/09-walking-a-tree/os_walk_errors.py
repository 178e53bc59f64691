"""A directory that may not be read: walk says nothing, unless it is asked."""

import os

os.chmod("garden/shed", 0o000)
print("silently:", sorted(os.path.relpath(top, "garden") for top, _, _ in os.walk("garden")))
for _ in os.walk("garden", onerror=lambda problem: print("onerror: ", problem)):
    pass
os.chmod("garden/shed", 0o755)
