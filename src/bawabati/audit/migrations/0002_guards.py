from django.db import migrations

from bawabati import sql_guards

# Whoever writes an entry holds this lock with others until his transaction ends; who seals holds it alone. So what the
# sealer sees is all that will ever stand below the highest number: nobody is still on the way with a lower one.
TURN = 4_215_110
ENTRIES_TAKE_THEIR_TURN = f"""
CREATE FUNCTION audit_auditentry_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({TURN});
    RETURN NULL;
END $$;
CREATE TRIGGER audit_auditentry_turn BEFORE INSERT ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_auditentry_turn();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        sql_guards.insert_only("audit_auditentry", "audit_auditblock"),
        migrations.RunSQL(
            sql=ENTRIES_TAKE_THEIR_TURN,
            reverse_sql="DROP TRIGGER audit_auditentry_turn ON audit_auditentry; DROP FUNCTION audit_auditentry_turn()",
        ),
    ]
