"""Codes are found whether or not somebody typed their hyphens."""

import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0012_holidays_of_sellers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="coupon",
            index=models.Index(
                django.db.models.functions.text.Replace("code", models.Value("-"), models.Value("")),
                name="coupon_by_plain_code",
            ),
        ),
    ]
