"""A value for one child, and for nobody else."""

import os
import subprocess

WHAT_TIME = ["date", "-d", "@1000000000", "+%H:%M %Z"]  # the same moment each time

subprocess.run(WHAT_TIME)
subprocess.run(WHAT_TIME, env=os.environ | {"TZ": "JST-9"})
subprocess.run(WHAT_TIME)
print("TZ here is", os.environ["TZ"], flush=True)
