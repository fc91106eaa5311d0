"""Addresses of imports."""

from apps.core.exchange import views
from apps.core.ui.links import org_path

app_name = "exchange"
urlpatterns = [
    org_path("imports/", views.StartImport, name="import_start"),
    org_path("imports/all/", views.ImportList, name="importjob_list"),
    org_path("imports/news/", views.News, name="import_news"),
    org_path("imports/template/", views.TemplateFile, name="import_template"),
    org_path("imports/<int:pk>/", views.OpenJob, name="import_job"),
    org_path("imports/<int:pk>/match/", views.MatchColumns, name="import_match"),
    org_path("imports/<int:pk>/check/", views.CheckRows, name="import_check"),
    org_path("imports/<int:pk>/rows/<int:row>/", views.EditRow, name="import_row"),
    org_path("imports/<int:pk>/progress/", views.ShowProgress, name="import_progress"),
    org_path("imports/<int:pk>/result/", views.ShowResult, name="import_result"),
    org_path("imports/<int:pk>/errors/", views.ErrorsFile, name="import_errors"),
    org_path("imports/<int:pk>/undo/", views.UndoImport, name="import_undo"),
]
