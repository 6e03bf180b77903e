from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0005_places_sum_to_what_is_there")]
    operations = [migrations.AddField("place", "expected_on", models.DateField(blank=True, null=True))]
