"""Every step of an import, each one call."""

from apps.core.exchange.operations.checking import check_job, match_columns
from apps.core.exchange.operations.editing import drop_rows, edit_cell, fix_all, fix_row, mend_job
from apps.core.exchange.operations.forgetting import forget_old_files
from apps.core.exchange.operations.news import hear_news, leave_news, see_import
from apps.core.exchange.operations.taking import start_taking, stop_taking, take_job
from apps.core.exchange.operations.undoing import start_undo, undo_job
from apps.core.exchange.operations.uploading import ImportRefused, back_to_matching, read_job, upload_file
from apps.core.exchange.operations.working import recover_jobs, step, work_on

__all__ = [
    "ImportRefused",
    "back_to_matching",
    "check_job",
    "drop_rows",
    "edit_cell",
    "fix_all",
    "fix_row",
    "forget_old_files",
    "hear_news",
    "leave_news",
    "match_columns",
    "mend_job",
    "read_job",
    "recover_jobs",
    "see_import",
    "start_taking",
    "start_undo",
    "step",
    "stop_taking",
    "take_job",
    "undo_job",
    "upload_file",
    "work_on",
]
