from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0004_returns_are_inspected")]
    operations = [
        migrations.RemoveField("return", "restocked"),
        migrations.AddConstraint("return", models.CheckConstraint(condition=Q(came__lte=F("quantity")), name="return_within_asked")),
    ]
