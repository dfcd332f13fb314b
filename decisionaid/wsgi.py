"""The WSGI application: what gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "decisionaid.settings")

application = get_wsgi_application()

from django.db import connections  # noqa: E402

from questionnaire.services import startup  # noqa: E402 (the applications must be loaded first)

startup.verify_editions()
# The server's workers are made from this process, and a connection must not be shared.
connections.close_all()
