"""History tables of django-pghistory; `apps.core.audit.history` has the rest of their declaration."""

import pghistory

# Indexes on the recorded references would cost every write and serve no query.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
