"""Branches that were there before places were made with them get theirs: a godown, quarantine, expired goods, transit."""

from django.db import migrations

_MAKE = """
INSERT INTO inventory_place (organization_id, version, created_at, branch_id, parent_id, kind, name, code, active, frozen)
SELECT b.organization_id, 1, now(), b.id, NULL, k.kind, k.name || CASE WHEN EXISTS (
         SELECT FROM inventory_place t WHERE t.organization_id = b.organization_id AND t.branch_id = b.id
           AND t.parent_id IS NULL AND lower(t.name) = lower(k.name)) THEN ' 2' ELSE '' END, '', true, false
FROM organizations_branch b
CROSS JOIN (VALUES ('godown', 'Main godown'), ('quarantine', 'Quarantine'), ('expired', 'Expired goods'),
                   ('transit', 'In transit')) AS k (kind, name)
WHERE NOT EXISTS (
  SELECT FROM inventory_place p
  WHERE p.organization_id = b.organization_id AND p.branch_id = b.id AND p.kind = k.kind AND p.active
)
ORDER BY b.id, k.kind ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0009_offer_by_month"),
        ("organizations", "0003_standing"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]
    operations = [migrations.RunSQL(_MAKE, migrations.RunSQL.noop)]
