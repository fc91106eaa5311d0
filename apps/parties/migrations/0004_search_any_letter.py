from django.db import migrations

from apps.core.search import search_function


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_count_of_active"), ("tenancy", "0001_functions"), ("core", "0001_extensions")]
    operations = [search_function("party_search", "parties_party")]
