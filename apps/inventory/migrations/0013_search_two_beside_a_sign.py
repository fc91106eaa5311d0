"""`b-12` is looked for by the trigrams at the edges of its words, not in every row."""

from django.db import migrations

from apps.core.search import search_function


class Migration(migrations.Migration):
    dependencies = [("inventory", "0012_bulk_by_index")]

    operations = [search_function("product_search", "inventory_product")]
