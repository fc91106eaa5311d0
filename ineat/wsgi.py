"""The WSGI application that gunicorn serves.

Served without `make run` this is a deployment, so the mode falls to production unless the environment names another.
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("INEAT_MODE", "production")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ineat.settings")

application = get_wsgi_application()
