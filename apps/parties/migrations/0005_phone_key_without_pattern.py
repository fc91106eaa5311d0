from django.db import migrations, models
from django.db.models.functions import Right


class Migration(migrations.Migration):
    """A pattern that every new party paid for becomes a plain exchange of letters; the values stay the same."""

    dependencies = [("parties", "0004_search_any_letter")]

    operations = [
        # A generated column's expression cannot be altered before PostgreSQL 17.
        migrations.RemoveIndex(model_name="party", name="parties_party_phone"),
        migrations.RemoveField(model_name="party", name="phone_key"),
        migrations.AddField(
            model_name="party",
            name="phone_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=Right(
                    models.Func(
                        "phone",
                        models.Func(
                            "phone",
                            models.Value("0123456789"),
                            models.Value(""),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Value(""),
                        function="translate",
                        output_field=models.TextField(),
                    ),
                    10,
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                models.F("organization"),
                models.F("phone_key"),
                condition=models.Q(("phone", ""), _negated=True),
                name="parties_party_phone",
            ),
        ),
    ]
