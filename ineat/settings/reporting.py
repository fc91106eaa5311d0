"""What the service says about itself: logs and, where configured, fault reports."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from apps.core.reporting import add_who_and_where, hide_secrets, without_secrets
from ineat import environment, logs

LOGGING = logs.configuration(
    machine_readable=environment.mode() == "production", processors=[add_who_and_where, hide_secrets]
)

# What /metrics asks for; without it there is no such page.
METRICS_TOKEN = environment.text("METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 24:
    raise ImproperlyConfigured("METRICS_TOKEN is guessed too easily: take at least 24 random characters.")


def _without_secrets(event: Any, _hint: Any) -> Any:
    request = event.get("request", {})
    for name in ("url", "query_string"):
        if name in request:
            request[name] = without_secrets(str(request[name])) if name == "url" else ""
    request.pop("cookies", None)
    request.pop("headers", None)
    return event


if dsn := environment.text("SENTRY_DSN"):
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        environment=environment.mode(),
        # Names, addresses and what people type stay here; the request id finds the log lines.
        send_default_pii=False,
        max_request_body_size="never",
        # Local variables hold passwords under many names.
        include_local_variables=False,
        traces_sample_rate=0.0,
        before_send=_without_secrets,
    )
