"""The working directory: where names without a leading slash begin."""

import os

print("starting in", os.getcwd())
print("it is called", repr(os.curdir), "and the one above", repr(os.pardir))

os.chdir("garden")
print("now in", os.getcwd())
print("it holds", sorted(os.listdir(os.curdir)))

os.chdir(os.pardir)
print("back in", os.getcwd())
try:
    os.chdir("cellar")
except OSError as refusal:
    print(refusal)
print("still in", os.getcwd())
