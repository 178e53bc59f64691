"""The place where one stands can be removed."""

import os

os.mkdir("raft")
os.chdir("raft")
os.rmdir("../raft")

for attempt in (os.getcwd, lambda: os.open("note", os.O_WRONLY | os.O_CREAT)):
    try:
        attempt()
    except OSError as refusal:
        print(refusal)
print("what is here:", os.listdir(os.curdir))
os.chdir(os.pardir)
