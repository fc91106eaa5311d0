"""Production serves static files under hashed names, and scripts import each other by those names."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from django.core.files.storage import FileSystemStorage

from apps.core.ui.storage import StaticFiles
from ineat.environment import BASE_DIR


def test_scripts_import_each_other_by_hashed_names(tmp_path: Path) -> None:
    shutil.copytree(BASE_DIR / "static" / "js", tmp_path / "js")
    source = FileSystemStorage(tmp_path)
    scripts = {f"js/{path.name}": (source, f"js/{path.name}") for path in (tmp_path / "js").glob("*.js")}
    failed = [
        outcome
        for _, _, outcome in StaticFiles(tmp_path, "/static/").post_process(scripts)
        if isinstance(outcome, Exception)
    ]
    assert failed == []
    hashed = [path for path in (tmp_path / "js").glob("*.js") if re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", path.name)]
    assert len(hashed) == len(scripts)
    imports = {name for path in hashed for name in re.findall(r"(?:from|import) \"(\./[^\"]+)\"", path.read_text())}
    assert len(imports) > 10
    assert [
        name for name in imports if not (tmp_path / "js" / name).is_file() or not re.search(r"\.[0-9a-f]{12}\.", name)
    ] == []
