"""`make audit` fails for what can be mended, and for nothing else."""

from __future__ import annotations

import datetime as dt
import subprocess
from typing import Any

import pytest

from tools import audit
from tools.audit import Accepted, accepted_findings, judge

TODAY = dt.date(2026, 11, 20)


def _package(name: str = "example", *, fixes: list[str], id: str = "GHSA-1", aliases: tuple[str, ...] = ()) -> Any:  # noqa: A002
    finding = {"id": id, "fix_versions": fixes, "aliases": list(aliases), "description": ""}
    return {"name": name, "version": "1.0", "vulns": [finding]}


def _entry(**values: Any) -> Accepted:
    return Accepted(**{"id": "GHSA-1", "package": "example", "reason": "x", "until": dt.date(2027, 1, 1), **values})


def test_what_a_newer_version_mends_fails() -> None:
    verdict = judge([_package(fixes=["1.1", "2.0"])], [], TODAY)
    (line,) = verdict.failures
    assert "example 1.0: GHSA-1: mended in 1.1, 2.0" in line


def test_what_nothing_mends_is_told() -> None:
    verdict = judge([_package(fixes=[])], [], TODAY)
    assert verdict.failures == []
    assert "no version mends it yet" in verdict.notes[0]


@pytest.mark.parametrize("names", [{"id": "GHSA-1"}, {"id": "PYSEC-9", "aliases": ("CVE-2026-1", "GHSA-1")}])
def test_what_was_accepted_passes_under_any_of_its_names(names: Any) -> None:
    verdict = judge([_package(fixes=["2.0"], **names)], [_entry()], TODAY)
    assert verdict.failures == []
    assert "accepted until 2027-01-01" in verdict.notes[0]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (_entry(until=dt.date(2026, 11, 19)), "Look again"),
        (_entry(package="another"), "mended in"),
        (_entry(id="GHSA-2"), "not found any more"),
        (_entry(until=dt.date(2028, 1, 1)), "longer than half a year"),
    ],
)
def test_an_acceptance_ends_and_fits_one_finding_only(entry: Accepted, words: str) -> None:
    assert words in " ".join(judge([_package(fixes=["2.0"])], [entry], TODAY).failures)


@pytest.mark.parametrize(
    "text",
    [
        '[[accepted]]\nid = "GHSA-1"\n',
        '[[accepted]]\nid = "GHSA-1"\npackage = "a"\nreason = "not exploitable"\nuntil = 2027-01-01\n',
        '[[accepted]]\nid = "GHSA-1"\npackage = "a"\nreason = "No request of ours gets there."\nuntil = "soon"\n',
    ],
)
def test_an_acceptance_needs_a_reason_and_a_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"An entry has|say in a sentence"):
        accepted_findings(text)


def test_our_own_file_is_in_order() -> None:
    entries = accepted_findings((audit.BASE / "security" / "accepted.toml").read_text())
    assert len({entry.id for entry in entries}) == len(entries)


@pytest.mark.parametrize(
    "answer",
    [
        '{"dependencies": [{"name": "a", "skip_reason": "not found"}, {"name": "b", "skip_reason": "not found"}]}',
        "Traceback (most recent call last): no route to host",
        subprocess.TimeoutExpired("pip-audit", 300),
    ],
)
def test_a_service_that_cannot_be_reached_fails_nothing_and_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: Any
) -> None:
    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        if isinstance(answer, Exception):
            raise answer
        return subprocess.CompletedProcess(command, 0, stdout=answer, stderr="")

    monkeypatch.setattr(subprocess, "run", run)
    assert audit.main() == 0
    assert "NOT CHECKED" in capsys.readouterr().out


def test_a_finding_fails_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(audit, "ask", lambda service: [_package(fixes=["2.0"])] if service == "osv" else [])
    assert audit.main() == 1
    assert "GHSA-1" in capsys.readouterr().out
    monkeypatch.setattr(audit, "ask", lambda service: [{"name": "a", "version": "1", "vulns": []}])
    assert audit.main() == 0
    assert "1 checked" in capsys.readouterr().out
