"""The pages that apps derive theirs from. `docs/pages.md` says how a model joins."""

from apps.core.ui.links import Link, model_paths, org_path, org_url, page_url
from apps.core.ui.pages.actions import ActionPage, ArchivePage, DeletePage, RestorePage
from apps.core.ui.pages.base import ModelPage, ObjectPage, Page
from apps.core.ui.pages.bulk import BulkAction, BulkResult, Refused
from apps.core.ui.pages.detail import Card, DetailPage, Fact
from apps.core.ui.pages.editing import CreatePage, EditPage, FormPage
from apps.core.ui.pages.grid import GridPage
from apps.core.ui.pages.listbase import Count, Empty, Stat, View
from apps.core.ui.pages.listing import ListPage
from apps.core.ui.pages.panels import PanelView, TablePanel
from apps.core.ui.pages.printing import PrintPage
from apps.core.ui.tables.columns import Badge

__all__ = [
    "ActionPage",
    "ArchivePage",
    "Badge",
    "BulkAction",
    "BulkResult",
    "Card",
    "Count",
    "CreatePage",
    "DeletePage",
    "DetailPage",
    "EditPage",
    "Empty",
    "Fact",
    "FormPage",
    "GridPage",
    "Link",
    "ListPage",
    "ModelPage",
    "ObjectPage",
    "Page",
    "PanelView",
    "PrintPage",
    "Refused",
    "RestorePage",
    "Stat",
    "TablePanel",
    "View",
    "model_paths",
    "org_path",
    "org_url",
    "page_url",
]
