"""Fails when a locked package has a known vulnerability for which there is a version without it.

    python tools/audit.py

pip-audit asks an advisory service. `security/accepted.toml` names findings that cannot be used against us, with the
reason and a day to look again. What no version mends is told and passes, for nobody could do anything about it. Where
no service can be reached nothing is checked, and the last line says so: a build must not hang on another's server.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent
# The second is asked only when the first knows nothing at all.
SERVICES = ("pypi", "osv")
_LONGEST = dt.timedelta(days=184)


@dataclass(frozen=True)
class Accepted:
    """A finding that somebody has looked at."""

    id: str
    package: str
    reason: str
    until: dt.date


@dataclass
class Verdict:
    """What the report comes to."""

    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def accepted_findings(text: str) -> list[Accepted]:
    """The entries of accepted.toml.

    Raises:
        ValueError: an entry lacks something, or gives no real reason.
    """
    entries = []
    for entry in tomllib.loads(text).get("accepted", []):
        if entry.keys() != {"id", "package", "reason", "until"}:
            raise ValueError(f"An entry has id, package, reason and until, not {', '.join(sorted(entry))}.")
        if len(entry["reason"].split()) < 6 or not isinstance(entry["until"], dt.date):
            raise ValueError(f"{entry['id']}: say in a sentence why it cannot be used against us, and until which day.")
        entries.append(Accepted(**entry))
    return entries


def judge(dependencies: Iterable[dict[str, Any]], accepted: Iterable[Accepted], today: dt.date) -> Verdict:
    """Each finding of pip-audit's report against what was accepted."""
    verdict = Verdict()
    waiting = list(accepted)
    used: set[Accepted] = set()
    for package in dependencies:
        if "skip_reason" in package:
            verdict.notes.append(f"{package['name']}: not checked, the service does not know it")
        for finding in package.get("vulns", []):
            names = {finding["id"], *finding.get("aliases", [])}
            what = f"{package['name']} {package['version']}: {finding['id']}"
            entry = next((one for one in waiting if one.id in names and one.package == package["name"]), None)
            if entry is not None:
                used.add(entry)
            if not finding["fix_versions"]:
                verdict.notes.append(f"{what}: no version mends it yet")
            elif entry is None:
                better = ", ".join(finding["fix_versions"])
                verdict.failures.append(f"{what}: mended in {better}. Run make lock, or accept it with a reason.")
            elif entry.until < today:
                verdict.failures.append(f"{what}: accepted until {entry.until} only. Look again.")
            else:
                verdict.notes.append(f"{what}: accepted until {entry.until}: {entry.reason}")
    for entry in waiting:
        if entry not in used:
            verdict.failures.append(f"{entry.package}: {entry.id} is not found any more. Remove the entry.")
        if entry.until - today > _LONGEST:
            verdict.failures.append(f"{entry.package}: {entry.id} is accepted for longer than half a year.")
    return verdict


def reached(dependencies: list[dict[str, Any]]) -> bool:
    """Whether the service answered. Unreachable, it looks to pip-audit as if it knew none of the packages."""
    return any("skip_reason" not in package for package in dependencies)


def ask(service: str) -> list[dict[str, Any]]:
    """pip-audit's report on requirements.lock; empty when the service could not be asked."""
    command = [
        sys.executable, "-m", "pip_audit", "--requirement", str(BASE / "requirements.lock"), "--require-hashes",
        "--disable-pip", "--format", "json", "--aliases", "on", "--progress-spinner", "off", "--timeout", "10",
        "--vulnerability-service", service,
    ]  # fmt: skip
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
        report = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return []
    found: list[dict[str, Any]] = report["dependencies"]
    return found if reached(found) else []


def main() -> int:
    """Ask, judge and print; returns the exit status."""
    accepted = accepted_findings((BASE / "security" / "accepted.toml").read_text())
    for service in SERVICES:
        if dependencies := ask(service):
            break
    else:
        print("Dependencies: NOT CHECKED for known vulnerabilities, no advisory service can be reached from here.")
        return 0
    verdict = judge(dependencies, accepted, dt.datetime.now(tz=dt.UTC).date())
    for line in [*verdict.notes, *verdict.failures]:
        print(line)
    if not verdict.failures:
        print(f"Dependencies: {len(dependencies)} checked, none has a known vulnerability that a newer version mends.")
    return 1 if verdict.failures else 0


if __name__ == "__main__":
    sys.exit(main())
