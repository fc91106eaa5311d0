"""Settings of the embedded server, sized by the machine."""

from __future__ import annotations

import os

_MEGABYTE = 1024 * 1024
_PLENTY = 1024 * _MEGABYTE


def settings(*, durable: bool) -> dict[str, str]:
    """Server settings by name. `durable=False` gives up everything that only a crash would miss, for tests."""
    memory = _memory()
    chosen = {
        "max_connections": "200",
        "shared_buffers": _megabytes(memory // 8, 64, 1024),
        "effective_cache_size": _megabytes(memory // 2, 256, 16384),
        "work_mem": _megabytes(memory // 512, 4, 32),
        "maintenance_work_mem": _megabytes(memory // 64, 64, 512),
        # Imports and the demo write gigabytes of log; rare checkpoints keep them from writing every page twice.
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        # Nobody replicates from an embedded server, and without that a load into a fresh table skips the log.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "random_page_cost": "1.1",
        # Our statements are short: compiling them costs more than running them.
        "jit": "off",
        # It makes room for every key the statistics know before the first of fifty rows is read: 4 ms of 5.
        "enable_memoize": "off",
        "timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_autovacuum_min_duration": "-1",
        "log_checkpoints": "off",
    }
    if _shared_memory() < 256 * _MEGABYTE:
        # Containers mostly have 64 MB of it, and parallel queries would fail for want of more.
        chosen["max_parallel_workers_per_gather"] = "0"
    if not durable:
        chosen |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
    return chosen


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 2048 * _MEGABYTE


def _shared_memory() -> int:
    """Bytes that processes may share by POSIX means; plenty where the system has no such file system."""
    try:
        found = os.statvfs("/dev/shm")
    except OSError:
        return _PLENTY
    return found.f_frsize * found.f_blocks


def _megabytes(size: int, least: int, most: int) -> str:
    return f"{min(max(size // _MEGABYTE, least), most)}MB"
