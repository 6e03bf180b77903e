import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [("pause", "nothing is sold meanwhile"), ("shift", "sales go on, parcels leave later")]


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0011_offers_have_a_refund_policy"),
        ("kit", "0003_changes_that_visitors_see"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=KINDS, max_length=5)),
                ("until", models.DateField()),
                (
                    "seller",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="holiday", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.RunSQL("SELECT watch_table('catalogue_holiday')", migrations.RunSQL.noop),
    ]
