"""A child changes its copy; nobody else can see that."""

import os

os.environ["PLACE"] = "kitchen"

child = os.fork()
if child == 0:
    os.environ["PLACE"] = "garden"
    print("child: ", os.environ["PLACE"], flush=True)
    os._exit(0)
os.waitpid(child, 0)

print("parent:", os.environ["PLACE"])
