"""The portal for a WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bawabati.config.settings")
application = get_wsgi_application()
gc.freeze()  # what has been loaded stays: looking through it again and again for garbage finds none
