"""Where uploaded files lie: in the data folder, for this program only. No web server reaches it.

With several machines the folder `imports` is shared between them (docs/scaling.md).
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from apps.core.exchange.reading.limits import MAX_BYTES
from apps.core.exchange.rules.faults import FileFault

_FOLDER = re.compile(r"[0-9a-f]{32}")


def new_folder() -> str:
    """A name for the files of one import; it says nothing and cannot be guessed."""
    return secrets.token_hex(16)


def _path(organization_id: int, folder: str) -> Path:
    if not _FOLDER.fullmatch(folder):
        raise ValueError(f"Not a folder of ours: {folder!r}")
    return Path(settings.DATA_DIR) / "imports" / str(organization_id) / folder


def upload_path(organization_id: int, folder: str) -> Path:
    """The file as it was uploaded."""
    return _path(organization_id, folder) / "upload"


def converted_path(organization_id: int, folder: str) -> Path:
    """The values of a workbook, as CSV."""
    return _path(organization_id, folder) / "converted.csv"


def keep(organization_id: int, folder: str, chunks: Iterable[bytes]) -> int:
    """Store an upload; returns its size.

    Raises:
        FileFault: `bytes_many`; nothing is kept.
    """
    target = upload_path(organization_id, folder)
    target.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.parent.mkdir(mode=0o700)
    size = 0
    try:
        with target.open("xb") as file:
            target.chmod(0o600)
            for chunk in chunks:
                size += len(chunk)
                if size > MAX_BYTES:
                    raise FileFault("bytes_many", megabytes=MAX_BYTES // 1024**2)
                file.write(chunk)
    except BaseException:
        forget(organization_id, folder)
        raise
    return size


def forget(organization_id: int, folder: str) -> None:
    """Remove the files of an import, if they are still there."""
    shutil.rmtree(_path(organization_id, folder), ignore_errors=True)
