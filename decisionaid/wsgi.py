"""The WSGI application: what gunicorn serves."""

import os

from django.apps import apps
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "decisionaid.settings")

application = get_wsgi_application()

# The reference of the benchmarks is served by this file too, and has no editions.
if apps.is_installed("questionnaire"):
    from questionnaire.services import startup

    startup.verify_editions()
    # The server's workers are made from this process, and a connection must not be shared.
    connections.close_all()
