from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    # Trusted since PostgreSQL 13: the database's owner may create it without being a superuser.
    operations = [TrigramExtension()]
