"""`b-12` is looked for by the trigrams at the edges of its words, not in every row."""

from django.db import migrations

from apps.core.search import search_function


class Migration(migrations.Migration):
    dependencies = [("parties", "0005_phone_key_without_pattern")]

    operations = [search_function("party_search", "parties_party")]
