from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoices", "0002_issued_papers_never_change")]

    operations = [
        migrations.AddField("seller", "phone", models.CharField(blank=True, db_default="", default="", max_length=40)),
    ]
