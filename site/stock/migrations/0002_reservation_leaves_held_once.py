from django.db import migrations

# I6: a reservation leaves `held` exactly once; what became of it is never changed afterwards.
FORWARDS = """
CREATE FUNCTION stock_reservation_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'held' AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'reservation % is % and cannot become %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stock_reservation_ended BEFORE UPDATE OF state ON stock_reservation
    FOR EACH ROW EXECUTE FUNCTION stock_reservation_ended();
"""
BACKWARDS = "DROP TRIGGER stock_reservation_ended ON stock_reservation; DROP FUNCTION stock_reservation_ended()"


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
