from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.AddField(model_name="notice", name="params", field=models.JSONField(blank=True, null=True)),
    ]
