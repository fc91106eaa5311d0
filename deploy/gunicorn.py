"""gunicorn's configuration, for `make run` and for deployments: gunicorn -c deploy/gunicorn.py ineat.wsgi"""

import gc
import os
import signal

from ineat import counters, environment, logs
from ineat.processes import die_with_parent

bind = f"{environment.text('INEAT_HOST', '127.0.0.1')}:{environment.number('PORT', 8000)}"
worker_class = "gthread"
workers = environment.number("WEB_CONCURRENCY", 2)
threads = environment.number("WEB_THREADS", 4)
timeout = 60
graceful_timeout = 20
# nginx keeps its connections open for a minute; closing them first would lose a request now and then.
keepalive = 75
# A leak must not grow for ever; the jitter keeps the workers from leaving together.
max_requests = 20_000
max_requests_jitter = 2_000
# The heartbeat file on a disk under load can block a worker long enough to be killed for it.
_memory = "/dev/shm"  # noqa: S108 - gunicorn opens its file there with a name nobody can guess, and unlinks it
worker_tmp_dir = _memory if os.access(_memory, os.W_OK) else None
control_socket_disable = True
proc_name = "ineat"
logconfig_dict = logs.configuration(machine_readable=environment.mode() == "production")
accesslog = None  # the application logs each request itself, with its id, organization and person

# Where the web processes count for /metrics; prometheus-client looks for this name when the application is imported.
_counts = counters.folder_from(environment.data_dir(), environment.text("PROMETHEUS_MULTIPROC_DIR"))
if environment.text("METRICS_TOKEN"):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counts)


def on_starting(server: object) -> None:  # noqa: ARG001
    """Counts of a server before this one would be added to ours."""
    if environment.text("METRICS_TOKEN"):
        counters.clear(_counts)


def post_worker_init(worker: object) -> None:  # noqa: ARG001
    """What the application loaded stays, so garbage collection need not walk it again and again: a request makes some
    ten thousand objects, and each seven hundred would start a round."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def post_fork(server: object, worker: object) -> None:  # noqa: ARG001
    """A web process goes when its master is killed, instead of serving on unwatched."""
    die_with_parent(signal.SIGKILL, os.getppid())
