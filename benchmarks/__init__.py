"""What pages and postings cost, measured on the real server beside the raw limits of the same run.

Importing the package points this process at the benchmark's own data folder and sets Django up, because everything here
works with both.
"""

import os

import django

from ineat import environment

os.environ.setdefault("INEAT_DATA", str(environment.BASE_DIR / ".data" / "bench"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ineat.settings")
os.environ.setdefault("INEAT_MODE", "demo")
django.setup()
