"""Point a link elsewhere in one step, so that nobody finds it missing."""

import os
from pathlib import Path

for version in ("1", "2"):
    os.mkdir(f"site-{version}")
    Path(f"site-{version}/page").write_text(f"version {version}\n")

os.symlink("site-1", "current")
print(Path("current/page").read_text().strip())
try:
    os.symlink("site-2", "current")
except OSError as refusal:
    print(refusal.strerror)

os.symlink("site-2", "next")
os.replace("next", "current")  # rename: the old link is gone and the new one there, at the same moment
print(Path("current/page").read_text().strip(), "- next exists:", os.path.lexists("next"))
