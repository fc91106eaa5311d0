"""Static files of production: hashed names and compressed copies, also for what a script imports."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Rewrites imports between our own modules to hashed names too, so that no browser mixes modules of two releases.

    Django can do that for every script (`support_js_module_import_aggregation`), but then it also reads the examples in
    the comments of other people's scripts as imports, and stops.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "js/*.js",
            (
                (
                    r"""(?P<matched>import (?P<names>\{[^}]*\}) from "(?P<url>\./[^"]+)";)""",
                    """import %(names)s from "%(url)s";""",
                ),
                (
                    r"""(?P<matched>import \* as (?P<names>\w+) from "(?P<url>\./[^"]+)";)""",
                    """import * as %(names)s from "%(url)s";""",
                ),
                (r"""(?P<matched>import "(?P<url>\./[^"]+)";)""", """import "%(url)s";"""),
            ),
        ),
    )
