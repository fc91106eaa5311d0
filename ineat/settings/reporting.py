"""What the service says about itself: logs and, where configured, fault reports."""

from apps.core.reporting import add_who_and_where
from ineat import environment, logs

LOGGING = logs.configuration(machine_readable=environment.mode() == "production", processors=[add_who_and_where])

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
