"""walk: one directory at a time, its subdirectories, its files."""

import os

for top, directories, files in os.walk("garden"):
    directories.sort()  # in place: the order in which walk goes on
    print(f"{top:18} directories: {directories!s:18} files: {sorted(files)}")
