"""The five steps of an import: upload, match, check, import, result."""

from apps.core.exchange.views.checking import CheckRows, EditRow
from apps.core.exchange.views.finishing import ErrorsFile, ShowProgress, ShowResult, UndoImport
from apps.core.exchange.views.history import ImportList
from apps.core.exchange.views.jobs import OpenJob
from apps.core.exchange.views.matching import MatchColumns
from apps.core.exchange.views.news import News
from apps.core.exchange.views.starting import StartImport, TemplateFile

__all__ = [
    "CheckRows",
    "EditRow",
    "ErrorsFile",
    "ImportList",
    "MatchColumns",
    "News",
    "OpenJob",
    "ShowProgress",
    "ShowResult",
    "StartImport",
    "TemplateFile",
    "UndoImport",
]
