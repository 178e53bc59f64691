"""print is not write: when do five lines leave the process?"""

import os

for number in range(1, 5):
    print("print", number)
os.write(1, b"write\n")
print("print 5")
