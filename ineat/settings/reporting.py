"""What the service says about itself: logs and, where configured, fault reports."""

from django.core.exceptions import ImproperlyConfigured

from apps.core.reporting import add_who_and_where
from ineat import environment, logs

LOGGING = logs.configuration(machine_readable=environment.mode() == "production", processors=[add_who_and_where])

# What /metrics asks for; without it there is no such page.
METRICS_TOKEN = environment.text("METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 24:
    raise ImproperlyConfigured("METRICS_TOKEN is guessed too easily: take at least 24 random characters.")

if dsn := environment.text("SENTRY_DSN"):
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        environment=environment.mode(),
        # Names, addresses and what people type stay here; the request id finds the log lines.
        send_default_pii=False,
        max_request_body_size="never",
        traces_sample_rate=0.0,
    )
