"""Text search that stays fast under row-level security, however many rows there are and however many match.

LIKE, ILIKE, trigram and full-text operators are not leakproof: PostgreSQL uses their indexes only after the policy was
checked row by row, that is, not at all. So a `SECURITY DEFINER` function of the tables' owner finds the keys; it names
the organization itself. Only the beginning of a name, `^@`, is leakproof and needs none.

No single plan serves every word. What few rows have is found by trigrams, and those rows are fetched and sorted. What
many have is soon met by walking the list in its own order; fetching them all would not end. `narrowed` asks for at
most `FEW` keys and so knows which it is; `docs/scaling.md` has what each costs.

A model joins by a column `search_text` in lower case with a trigram index, a migration step and a call:

    search_function("party_search", "parties_party")                      # migration
    narrowed(queryset, text, function="party_search")                     # parties
    narrowed(queryset, text, function="product_search", through="product")    # batches, by their product
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, migrations, models
from django.db.models import F, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Lookup
from django.db.models.sql.where import WhereNode

# Up to here the keys of all matches are fetched and sorted; beyond it the list's own order is walked.
FEW = 1_000
# Of rows found by a search no more are counted: walking on to ten thousand would cost more than the page.
COUNTED = 1_000
# Trigrams need so many letters. Fewer must begin the name, which is what people mean who type so few.
LETTERS = 3


@models.CharField.register_lookup
@models.TextField.register_lookup
class Prefix(Lookup[Any]):
    """`field__prefix="ab"`: begins with the text, by the leakproof operator `^@`, which a btree index can serve."""

    lookup_name = "prefix"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} ^@ {right}", (*left_params, *right_params)


class Among(Lookup[Any]):
    """One of many keys, sent as one array."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} = ANY (%s::bigint[])", (*left_params, self.rhs)


class Occurs(Lookup[Any]):
    """The text stands somewhere in a column that is in lower case. `keys` are some of the rows where it does.

    Written with `strpos`, of which the planner expects every third row to pass: it then walks the list's index until a
    page is full. Of a LIKE that it may not look into it expects almost none, and reads and sorts the whole table.
    """

    lookup_name = "occurs"

    def __init__(self, lhs: Any, rhs: Any, keys: Among | None = None) -> None:
        super().__init__(lhs, rhs)
        self.keys = keys

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"strpos({left}, lower({right})) > 0", (*left_params, *right_params)


# pg_trgm sees ASCII letters and digits only where the server's locale is C, as the embedded server's is. Any other
# letter is therefore indexed as the digits of its bytes: कृ becomes 340244225340245203. What contains a text before
# contains it after.
_LETTERS = r"""
CREATE OR REPLACE FUNCTION search_letters(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(encode(convert_to(given, 'UTF8'), 'escape'), '\', '')
"""

# Eight places of the table tell a frequent word by some 1,200 rows, wherever it is frequent. The index of all trigrams
# of such a word would take longer to read than the rows it leads to.
_FIND = r"""
CREATE FUNCTION {name}(given text, most int) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS
$$
DECLARE
  org bigint := app_org();
  wanted text := lower(given);
  pattern text := '%' || replace(replace(replace(wanted, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  low bigint;
  high bigint;
  hits int;
BEGIN
  SELECT min(id), max(id) INTO low, high FROM {table} WHERE organization_id = org;
  SELECT count(*) INTO hits FROM generate_series(0, 7) AS part CROSS JOIN LATERAL (
    SELECT {column} AS text FROM {table}
    WHERE organization_id = org AND id >= low + part * (high - low) / 8 ORDER BY id LIMIT 150
  ) sample WHERE strpos(sample.text, wanted) > 0;
  IF hits >= 60 THEN
    RETURN QUERY SELECT id FROM {table}
      WHERE organization_id = org AND strpos({column}, wanted) > 0 ORDER BY id LIMIT most;
  ELSIF octet_length(wanted) > length(wanted) THEN
    RETURN QUERY SELECT id FROM {table}
      WHERE organization_id = org AND octet_length({column}) > length({column})
        AND search_letters({column}) LIKE '%' || search_letters(wanted) || '%' AND strpos({column}, wanted) > 0
      LIMIT most;
  ELSIF wanted ~ '[a-z0-9]{{3}}|[^a-z0-9][a-z0-9]{{2}}|[a-z0-9]{{2}}[^a-z0-9]' THEN
    RETURN QUERY SELECT id FROM {table} WHERE organization_id = org AND {column} LIKE pattern LIMIT most;
  ELSE
    -- Nothing in it is a whole trigram, and the index would be read from end to end.
    RETURN QUERY SELECT id FROM {table} WHERE organization_id = org AND strpos({column}, wanted) > 0 LIMIT most;
  END IF;
END
$$
"""


def search_function(name: str, table: str, column: str = "search_text") -> migrations.RunSQL:
    """Migration step that makes `name(text, most)`: keys of the current organization's rows whose column contains it.

    The column is in lower case and has a trigram index; the table has an index on (organization_id, id). The step adds
    a second index, for rows with letters beyond ASCII. `search_path` is pinned because the function runs with its
    owner's rights. Running the step again replaces what an older version made.
    """
    index = f"{table}_{column}_letters"
    drop = f"DROP FUNCTION IF EXISTS {name}(text, int)"
    return migrations.RunSQL(
        [
            _LETTERS,
            f"CREATE INDEX IF NOT EXISTS {index} ON {table} USING gin (search_letters({column}) gin_trgm_ops) "
            f"WHERE octet_length({column}) > length({column})",
            drop,
            _FIND.format(name=name, table=table, column=column),
        ],
        [drop, f"DROP INDEX IF EXISTS {index}"],
    )


def matching_keys(function: str, text: str, most: int = FEW + 1) -> list[int]:
    """Keys that a function made by `search_function` finds for the text, at most so many, in no order."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(array_agg(key), '{{}}') FROM {function}(%s, %s) AS key", [text, most])  # noqa: S608
        return list(cursor.fetchone()[0])


def begins_only(text: str) -> bool:
    """Whether the text is too short to be looked for within a name: it must begin it.

    Signs such as `a-1` are looked for everywhere, because item codes look like that, though no index finds them.
    """
    return len(text) < LETTERS


def narrowed(
    queryset: models.QuerySet[Any], text: str, *, function: str, name_field: str = "", through: str = ""
) -> models.QuerySet[Any]:
    """The rows whose `search_text` contains the text; one or two letters must begin the name.

    Args:
        queryset: rows of the current organization.
        text: what was typed; blanks around it and capitals do not matter.
        function: made by `search_function` for the queryset's table, or the table that `through` leads to.
        name_field: a field, or an alias of the queryset, that holds the name in lower case; `Lower("name")` if empty.
        through: a reference to the record that is searched for, such as the product of a batch.
    """
    text = text.replace("\0", "").strip()
    path = f"{through}__" if through else ""
    if not text:
        return queryset
    if begins_only(text):
        name = F(name_field) if name_field else Lower(f"{path}name")
        return queryset.filter(Prefix(name, Lower(Value(text))))
    keys = matching_keys(function, text, FEW + 1)
    found = Among(F(f"{through}_id" if through else "pk"), keys)
    if len(keys) <= FEW:
        return queryset.filter(found)
    return queryset.filter(Occurs(F(f"{path}search_text"), text, found))


def count(queryset: models.QuerySet[Any], most: int) -> tuple[int, bool]:
    """How many rows a list has, and whether there are more; counted up to `most`, or to `COUNTED` where it searches.

    Of a word that many rows have only those are counted whose keys were found: so many there are at least.
    """
    rows = queryset.order_by()
    for part in _searches(queryset.query.where):
        most = min(most, COUNTED)
        if isinstance(part, Occurs) and part.keys is not None:
            number = queryset.order_by().filter(part.keys).count()
            # Many of them fell to the list's other filters: those leave few rows, which can be counted.
            if number >= FEW // 10:
                return number - number % (FEW // 10), True
    number = rows[: most + 1].count()
    return min(number, most), number > most


def _searches(where: Any) -> Iterator[Prefix | Occurs]:
    for part in where.children:
        if isinstance(part, Prefix | Occurs):
            yield part
        elif isinstance(part, WhereNode) and not part.negated and part.connector == "AND":
            yield from _searches(part)
