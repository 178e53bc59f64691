"""Make directories, look into them, remove them."""

import os

os.mkdir("garden")
for name in ("basil", "mint"):
    with open(os.path.join("garden", name), "w") as file:
        file.write("green\n")
os.mkdir("garden/shed")
print("listdir:  ", sorted(os.listdir("garden")))

with os.scandir("garden") as entries:
    for entry in sorted(entries, key=lambda entry: entry.name):
        print("scandir:  ", entry.name, "- a directory" if entry.is_dir() else f"- {entry.stat().st_size} bytes")

for attempt in (lambda: os.mkdir("garden"), lambda: os.rmdir("garden"), lambda: os.mkdir("a/b/c")):
    try:
        attempt()
    except OSError as refusal:
        print("refused:  ", refusal)

os.makedirs("a/b/c")
print("makedirs: ", os.path.isdir("a/b/c"))
os.removedirs("a/b/c")  # c, then b and a, as long as they are empty
print("removedirs:", os.path.exists("a"))
