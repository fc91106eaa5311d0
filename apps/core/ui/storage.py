"""Static files of production: hashed names and compressed copies, also for what a script imports."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Also rewrites `import "./dialogs.js"` to hashed names, so that a browser never mixes modules of two releases."""

    support_js_module_import_aggregation = True
