"""cd as a program of its own.  It works, for itself."""

import os
import sys

os.chdir(sys.argv[1])
print("mycd: here I find", *sorted(os.listdir()))
