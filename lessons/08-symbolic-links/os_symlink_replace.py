"""Point a link elsewhere in one step, so that nobody finds it missing."""

import os

for version in ("1", "2"):
    os.mkdir(f"site-{version}")
    with open(f"site-{version}/page", "w") as file:
        file.write(f"version {version}\n")

os.symlink("site-1", "current")
print(open("current/page").read().strip())
try:
    os.symlink("site-2", "current")
except OSError as refusal:
    print(refusal.strerror)

os.symlink("site-2", "next")
os.replace("next", "current")  # rename: the old link is gone and the new one there, at the same moment
print(open("current/page").read().strip(), "- next exists:", os.path.lexists("next"))
