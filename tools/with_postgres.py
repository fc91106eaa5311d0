"""Run a command on the distribution's PostgreSQL instead of the embedded one: a new server, gone when the command ends.

    python tools/with_postgres.py .venv/bin/pytest -m database

INEAT_PG_BIN names the folder of its programs. Without it Debian's newest is taken, and installed when root finds none.
The command gets DATABASE_URL and DATABASE_OWNER_URL, as a deployment does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ineat import postgres

_DEBIAN = Path("/usr/lib/postgresql")


def debian_programs() -> Path | None:
    """The folder of the newest PostgreSQL that Debian's packages installed here."""
    found = [folder / "bin" for folder in _DEBIAN.glob("*") if (folder / "bin" / "initdb").exists()]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


def install() -> None:
    """Install Debian's PostgreSQL without the server that its package would start."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit("There is no PostgreSQL here. Install one, and set INEAT_PG_BIN to the folder of its programs.")
    print("Installing Debian's PostgreSQL", flush=True)
    settings = Path("/etc/postgresql-common/createcluster.conf")
    settings.parent.mkdir(parents=True, exist_ok=True)
    if not settings.exists():
        settings.write_text("create_main_cluster = false\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "-y", "postgresql"]):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)


def url(cluster: postgres.Cluster, role: str) -> str:
    """The server's address as DATABASE_URL has it."""
    return f"postgres://{role}@{quote(str(cluster.socket_dir), safe='')}:{cluster.port}/{postgres.DATABASE}"


def main() -> int:
    """Start the server, run the command, stop the server; returns the command's exit status."""
    if not os.environ.get("INEAT_PG_BIN"):
        if debian_programs() is None:
            install()
        os.environ["INEAT_PG_BIN"] = str(debian_programs())
    with tempfile.TemporaryDirectory(prefix="ineat-") as folder:
        data = Path(folder) / "pg"
        cluster = postgres.ensure_running(data, durable=False)
        # Each command of the suite reads its own data folder too: the uploads and the secret of one run stay here.
        environment = {
            **os.environ,
            "DATABASE_URL": url(cluster, postgres.APP_ROLE),
            "DATABASE_OWNER_URL": url(cluster, postgres.OWNER_ROLE),
            "INEAT_DATA": str(Path(folder) / "data"),
        }
        del environment["INEAT_PG_BIN"]
        version = (data / "PG_VERSION").read_text().strip()
        print(f"PostgreSQL {version} from {os.environ['INEAT_PG_BIN']}", flush=True)
        try:
            return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
        finally:
            postgres.release(data)


if __name__ == "__main__":
    sys.exit(main())
