from django.db import migrations

from apps.core.search import search_function


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial"), ("tenancy", "0001_functions")]
    operations = [search_function("party_search", "parties_party")]
