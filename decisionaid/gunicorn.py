"""How gunicorn serves the project: `gunicorn -c decisionaid/gunicorn.py`."""

import gc
import os

wsgi_app = "decisionaid.wsgi:application"
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))

# Threads, since a download of many responses takes minutes and its reader may be slow: a worker without threads would
# serve nobody else meanwhile, and be killed for it by the timeout. Each thread keeps a connection to the database.
worker_class = "gthread"
threads = 4

# Loaded once and shared by all workers, and a fault in the settings stops the start itself.
preload_app = True

timeout = 30
graceful_timeout = 10

# No access log: it would hold patients' network addresses.
accesslog = None
loglevel = "warning"

# Otherwise gunicorn keeps a control socket in the home folder, outside the repository.
control_socket_disable = True

# Whether a proxy's word is trusted is decided once, by TRUSTED_PROXIES in the settings.
forwarded_allow_ips = ""


def when_ready(server: object) -> None:
    # What is loaded by now never goes away: out of the collector's sight it stays shared between the workers.
    gc.collect()
    gc.freeze()
    print(f"decisionaid is at http://{bind}/ (stop it with Ctrl-C)", flush=True)
