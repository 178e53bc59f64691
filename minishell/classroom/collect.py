"""Take in what a learner handed in: regular files only, counted, nothing followed and nothing unpacked unseen.

A submission is data from somebody who may want to harm: symbolic links to other people's work, a FIFO that makes a
reader wait for ever, archives that grow without end.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MOST_FILES = 100
MOST_BYTES = 1 << 20
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")


class Invalid(Exception):
    """A submission cannot be graded; the text says why."""


@dataclass(frozen=True)
class Submission:
    """The files that count, by name, and a name for their content."""

    files: dict[str, bytes]

    @property
    def digest(self) -> str:
        total = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            total.update(f"{len(name)} {len(content)} {name}".encode("utf-8", "surrogateescape") + content)
        return total.hexdigest()


def collect(place: Path, wanted: str) -> Submission:
    """The one file that the exercise asks for, from a folder or an archive.  Invalid: there is none."""
    kind = type_of(place)
    if kind == "directory":
        return Submission({wanted: read_file(place, wanted)})
    if kind == "file" and place.name.endswith(ARCHIVES):
        return Submission({wanted: from_archive(place, wanted)})
    raise Invalid(f"{place.name} is neither a folder nor an archive")


def type_of(path: Path) -> str:
    """What a path is, without following it."""
    try:
        mode = os.lstat(path).st_mode
    except OSError as problem:
        raise Invalid(f"{path.name}: {problem.strerror}") from problem
    names = {stat.S_IFDIR: "directory", stat.S_IFREG: "file", stat.S_IFLNK: "symbolic link", stat.S_IFIFO: "FIFO"}
    return names.get(stat.S_IFMT(mode), "device or socket")


def read_file(folder: Path, wanted: str) -> bytes:
    """A regular file of a folder.  O_NOFOLLOW and O_NONBLOCK: what it was when we looked it may not be now."""
    try:
        fd = os.open(folder / wanted, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Invalid(f"there is no {wanted}{instead(folder, wanted)}") from None
    except OSError:
        raise Invalid(f"{wanted} is a {type_of(folder / wanted)}; hand in a file") from None
    with os.fdopen(fd, "rb") as file:
        about = os.fstat(fd)
        if not stat.S_ISREG(about.st_mode):
            raise Invalid(f"{wanted} is a {type_of(folder / wanted)}; hand in a file")
        if about.st_size > MOST_BYTES:
            raise Invalid(f"{wanted} has {about.st_size} bytes; at most {MOST_BYTES} are taken")
        return file.read(MOST_BYTES + 1)


def instead(folder: Path, wanted: str) -> str:
    """What may have been meant: the only file of the same kind."""
    suffix = PurePosixPath(wanted).suffix
    others = sorted(each.name for each in folder.iterdir() if each.suffix == suffix)[:MOST_FILES]
    return f"; there is {others[0]!r}" if len(others) == 1 else ""


def from_archive(archive: Path, wanted: str) -> bytes:
    """A file of an archive, wherever in it, counted while it is unpacked."""
    try:
        return from_zip(archive, wanted) if archive.suffix == ".zip" else from_tar(archive, wanted)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, NotImplementedError, RuntimeError) as problem:
        raise Invalid(f"{archive.name} cannot be unpacked: {problem}") from problem


def from_zip(archive: Path, wanted: str) -> bytes:
    with zipfile.ZipFile(archive) as members:
        name = the_one([each.filename for each in members.infolist()], wanted, archive)
        if stat.S_ISLNK(members.getinfo(name).external_attr >> 16):
            raise Invalid(f"{wanted} is a symbolic link in {archive.name}")
        with members.open(name) as file:
            return within(file.read(MOST_BYTES + 1), wanted)


def from_tar(archive: Path, wanted: str) -> bytes:
    with tarfile.open(archive) as members:
        found: dict[str, tarfile.TarInfo] = {}
        for count, member in enumerate(members):
            if count >= MOST_FILES:
                raise Invalid(f"{archive.name} holds more than {MOST_FILES} files")
            found[member.name] = member
        member = found[the_one(list(found), wanted, archive)]
        file = members.extractfile(member) if member.isreg() else None
        if file is None:
            raise Invalid(f"{wanted} is no regular file in {archive.name}")
        return within(file.read(MOST_BYTES + 1), wanted)


def the_one(names: list[str], wanted: str, archive: Path) -> str:
    """The name in an archive that means the wanted file; no second one, and none that leads out of it."""
    if len(names) > MOST_FILES:
        raise Invalid(f"{archive.name} holds more than {MOST_FILES} files")
    found = [name for name in names if PurePosixPath(name).name == wanted and ".." not in PurePosixPath(name).parts]
    if len(found) != 1:
        raise Invalid(f"there is {'no' if not found else 'more than one'} {wanted} in {archive.name}")
    return found[0]


def within(content: bytes, wanted: str) -> bytes:
    if len(content) > MOST_BYTES:
        raise Invalid(f"{wanted} has more than {MOST_BYTES} bytes")
    return content
