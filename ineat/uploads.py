"""The uploaded files of the data folder in one archive, beside the file of the database."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from ineat.dumps import DumpRefused, new_file

# Folders of the data folder that hold what people uploaded. The secret, the database and what can be made again are not
# among them.
FOLDERS = ("media", "imports")


def archive_of(backup: Path) -> Path:
    """Where the files of a backup lie."""
    return backup.with_name(backup.name + ".files.tar.gz")


def save(data: Path, target: Path) -> int:
    """Write every uploaded file to the archive; returns how many there are. Without any, no archive is written.

    Raises:
        DumpRefused: the archive exists or cannot be written.
    """
    names = [name for name in FOLDERS if any(path.is_file() for path in (data / name).rglob("*"))]
    if not names:
        return 0
    count = 0
    with new_file(target) as draft, tarfile.open(draft, "w:gz", compresslevel=1) as archive:
        for path in sorted(path for name in names for path in (data / name).rglob("*")):
            try:
                if path.is_symlink() or not path.is_file():
                    continue
                archive.add(path, arcname=path.relative_to(data), recursive=False)
            except FileNotFoundError:
                continue  # finished with while we wrote
            count += 1
    return count


@contextmanager
def unpacked(source: Path, data: Path) -> Iterator[Path]:
    """The archive's files in a folder beside their place, which is removed after the block; see `put`.

    Raises:
        DumpRefused: the archive is damaged, or holds something else than uploads.
    """
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=data) as folder:
        draft = Path(folder)
        try:
            with tarfile.open(source, "r:gz") as archive:
                for member in archive:
                    _unpack(archive, member, draft)
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            raise DumpRefused(f"{source} cannot be unpacked: {error}") from error
        yield draft


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, draft: Path) -> None:
    """One file. Names are not believed: an archive from elsewhere must not write outside."""
    name = PurePosixPath(member.name)
    content = archive.extractfile(member) if member.isfile() else None
    if content is None or name.is_absolute() or ".." in name.parts or name.parts[0] not in FOLDERS:
        raise DumpRefused(f"The archive holds {member.name}, which is no upload. Nothing of it was taken.")
    target = draft.joinpath(*name.parts)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file)


def occupied(data: Path) -> list[str]:
    """The folders that hold files already."""
    return [name for name in FOLDERS if any((data / name).rglob("*"))]


def put(draft: Path, data: Path) -> None:
    """Move the unpacked folders into their place; what lies there goes when the new is in."""
    for name in FOLDERS:
        place, old = data / name, draft / f"{name}.old"
        if place.exists():
            place.rename(old)
        if (draft / name).exists():
            (draft / name).rename(place)
