"""umask: what new files do not get."""

import os
import stat


def bits(path):
    """The permissions of a file, nine bits in octal."""
    return f"{stat.S_IMODE(os.stat(path).st_mode):03o}"


print("umask  open asks 666  mkdir asks 777  open asks 600")
for mask in (0o000, 0o022, 0o027, 0o077):
    os.umask(mask)
    os.close(os.open("file", os.O_CREAT, 0o666))
    os.close(os.open("private", os.O_CREAT, 0o600))
    os.mkdir("directory", 0o777)
    print(f"{mask:03o}    {bits('file')}            {bits('directory')}             {bits('private')}")
    os.remove("file")
    os.remove("private")
    os.rmdir("directory")
