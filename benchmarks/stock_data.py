"""A stock to measure on: of every product four batches, each in a rack, with the moves that brought and sold it.

Names are of the trade's shape but nobody's. One batch in fifty is used up, one product in forty is low, one in twenty
is kept cold and one in twenty is Schedule H1; expiries lie from two months back to three years ahead.
"""

from __future__ import annotations

from typing import Any

import psycopg

from benchmarks.data import load

BATCHES = 4
"""Batches of each product."""
PLACES = 400

_FIRST = "{Azi,Pan,Cef,Monte,Febro,Gluc,Amox,Diclo,Levo,Met,Telmi,Rosu,Olme,Clopi,Atorva,Ome,Raba,Doxy,Itra,Fluco}"
_SECOND = "{vanta,tolume,quill,lyra,lite,cura,ilor,vane,zen,rax,nova,mira,dura,pril,sane,gard,plus,kind,well,star}"
_SALTS = (
    "{Azithromycin,Pantoprazole,Cefixime,Montelukast,Paracetamol,Metformin,Amoxicillin,Diclofenac,Levofloxacin,"
    "Telmisartan,Rosuvastatin,Olmesartan,Clopidogrel,Atorvastatin,Omeprazole,Rabeprazole,Doxycycline,Itraconazole,"
    "Fluconazole,Ondansetron}"
)

_PRODUCTS = """
INSERT INTO inventory_product
  (organization_id, version, created_at, name, pack, code, form, strength, composition, composition_key, hsn, schedule,
   h2, ndps, licence_class, price_controlled, storage, base_unit, uqc, loose, reorder_level, reorder_quantity, active)
SELECT %(organization)s, 1, now(),
       (%(first)s::text[])[1 + pg_temp.h(n, 'a') %% 20] || (%(second)s::text[])[1 + pg_temp.h(n, 'b') %% 20]
         || ' ' || n,
       'strip of 10 tablets', '', 'tablet', '', (%(salts)s::text[])[1 + pg_temp.h(n, 'c') %% 20] || ' 500 mg', '',
       '30049099', (ARRAY['', '', 'H', 'H', '', '', 'H1', '', '', '', '', '', '', 'H', '', '', '', '', '', ''])
         [1 + pg_temp.h(n, 'd') %% 20], false, false, 'other', false,
       CASE WHEN pg_temp.h(n, 'e') %% 20 = 0 THEN 'cold' ELSE 'room' END, 'strip', 'NOS', true,
       CASE WHEN pg_temp.h(n, 'f') %% 2 = 0 THEN CASE WHEN pg_temp.h(n, 'g') %% 20 = 0 THEN 100000 ELSE 0 END END,
       200, true
FROM generate_series(1, %(count)s) AS n
"""
_PLACES = """
INSERT INTO inventory_place (organization_id, version, created_at, branch_id, kind, name, code, active, frozen)
SELECT %(organization)s, 1, now(), (SELECT min(id) FROM organizations_branch WHERE organization_id = %(organization)s),
       CASE WHEN n %% 50 = 0 THEN 'quarantine' ELSE 'rack' END,
       chr(65 + n / 40) || '-' || lpad((n %% 40)::text, 2, '0') || '-' || n, '', true, false
FROM generate_series(1, %(places)s) AS n
"""
_BATCH_ROWS = """
INSERT INTO inventory_batch
  (organization_id, version, created_at, product_id, number, mrp, expiry, ptr, pts, cost, state, state_reason,
   received_on)
SELECT %(organization)s, 1, now(), p.id,
       chr(65 + pg_temp.h(p.id * 4 + n, 'i') %% 26) || chr(65 + pg_temp.h(p.id * 4 + n, 'j') %% 26)
         || lpad((pg_temp.h(p.id * 4 + n, 'k') %% 100000)::text, 5, '0') || n,
       10 + pg_temp.h(p.id * 4 + n, 'l') %% 900,
       (date_trunc('month', current_date) + make_interval(months => pg_temp.h(p.id * 4 + n, 'm') %% 38 - 1)
         - interval '1 day')::date,
       8, 7, 6.1234, CASE WHEN pg_temp.h(p.id * 4 + n, 'o') %% 500 = 0 THEN 'held' ELSE 'ok' END, '', current_date - 200
FROM inventory_product p CROSS JOIN generate_series(1, %(batches)s) AS n
WHERE p.organization_id = %(organization)s
"""
_STOCK = """
INSERT INTO inventory_stock
  (organization_id, batch_id, place_id, product_id, expiry, cost, saleable, on_hand, reserved)
SELECT b.organization_id, b.id, l.id, b.product_id, b.expiry, b.cost,
       b.state = 'ok' AND inventory_place_sells(l.kind),
       CASE WHEN pg_temp.h(b.id, 'q') %% 50 = 0 THEN 0 ELSE 1 + pg_temp.h(b.id, 'r') %% 500 END, 0
FROM inventory_batch b
JOIN (SELECT id, kind, row_number() OVER (ORDER BY id) - 1 AS place FROM inventory_place
      WHERE organization_id = %(organization)s) l ON l.place = pg_temp.h(b.id, 'p') %% %(places)s
WHERE b.organization_id = %(organization)s
"""
_TOTALS = """
INSERT INTO inventory_productstock (organization_id, product_id, on_hand, reserved, free, reorder_level)
SELECT p.organization_id, p.id, sum(s.on_hand), 0, coalesce(sum(s.on_hand) FILTER (WHERE s.saleable), 0),
       p.reorder_level
FROM inventory_product p JOIN inventory_stock s ON s.organization_id = p.organization_id AND s.product_id = p.id
WHERE p.organization_id = %(organization)s GROUP BY p.id
"""
_FIGURES = """
INSERT INTO inventory_stockfigure (organization_id, shard, kind, expiry, entries, on_hand, reserved, value)
SELECT %(organization)s, shard, kind, expiry, 0, 0, 0, 0
FROM generate_series(0, 15) AS shard CROSS JOIN (VALUES ('saleable'), ('blocked')) AS k (kind)
CROSS JOIN (SELECT DISTINCT expiry FROM inventory_stock WHERE organization_id = %(organization)s) e;
UPDATE inventory_stockfigure f SET entries = c.entries, on_hand = c.on_hand, value = c.value
FROM (
  SELECT CASE WHEN saleable THEN 'saleable' ELSE 'blocked' END AS kind, expiry,
         count(*) FILTER (WHERE in_stock) AS entries, sum(on_hand) AS on_hand, sum(on_hand * cost) AS value
  FROM inventory_stock WHERE organization_id = %(organization)s GROUP BY 1, 2
) c
WHERE f.organization_id = %(organization)s AND f.shard = 0 AND f.kind = c.kind AND f.expiry = c.expiry;
INSERT INTO inventory_stockfigure (organization_id, shard, kind, expiry, entries, on_hand, reserved, value)
SELECT %(organization)s, 0, c.kind, NULL, c.entries, 0, 0, 0
FROM (
  SELECT 'low' AS kind, count(*) AS entries FROM inventory_productstock
  WHERE organization_id = %(organization)s AND is_low
  UNION ALL
  SELECT 'product', count(*) FROM inventory_productstock WHERE organization_id = %(organization)s AND on_hand > 0
  UNION ALL
  SELECT CASE WHEN p.storage = 'cold' THEN 'cold' ELSE 'h1' END, count(*)
  FROM inventory_stock s JOIN inventory_product p ON p.organization_id = s.organization_id AND p.id = s.product_id
  WHERE s.organization_id = %(organization)s AND s.in_stock AND (p.storage = 'cold') <> (p.schedule = 'H1') GROUP BY 1
) c
"""
# One batch of each organization went to everybody: what is recalled is mostly what sold well.
_MOVES = """
INSERT INTO inventory_move
  (organization_id, batch_id, place_id, product_id, kind, quantity, cost, document_kind, document_id, document_number,
   line, party_id, reason, note, person_id, moment, on_date)
SELECT s.organization_id, s.batch_id, s.place_id, s.product_id,
       CASE WHEN n = 0 THEN 'receipt' ELSE 'issue' END,
       CASE WHEN n = 0 THEN s.on_hand + %(moves)s * 2 ELSE -2 END, s.cost,
       CASE WHEN n = 0 THEN 'grn' ELSE 'bill' END, s.id * 10 + n, CASE WHEN n = 0 THEN 'GRN/' ELSE 'BK/' END || s.id, 0,
       p.first + pg_temp.h(s.id * 10 + n, 's') %% p.parties, '', '', NULL,
       now() - make_interval(days => 200 - n * 20), current_date - 200 + n * 20
FROM inventory_stock s CROSS JOIN generate_series(0, %(moves)s) AS n
CROSS JOIN (SELECT min(id) AS first, count(*)::int AS parties FROM parties_party
            WHERE organization_id = %(organization)s) p
WHERE s.organization_id = %(organization)s;
INSERT INTO inventory_move
  (organization_id, batch_id, place_id, product_id, kind, quantity, cost, document_kind, document_id, document_number,
   line, party_id, reason, note, person_id, moment, on_date)
SELECT s.organization_id, s.batch_id, s.place_id, s.product_id, 'issue', -1, s.cost, 'bill', -n, 'BK/' || n, 1,
       p.first + pg_temp.h(n, 't') %% p.parties, '', '', NULL, now(), current_date
FROM (SELECT * FROM inventory_stock WHERE organization_id = %(organization)s ORDER BY id LIMIT 1) s
CROSS JOIN (SELECT min(id) AS first, count(*)::int AS parties FROM parties_party
            WHERE organization_id = %(organization)s) p
CROSS JOIN generate_series(1, 2000) AS n
"""


def make_stock(owner: psycopg.Connection[Any], *, organization: int, products: int, moves: int = 1) -> None:
    """Fill the organization with so many products, `BATCHES` times as many batches, and `moves` sales of each batch."""
    values = {
        "organization": organization,
        "count": products,
        "places": PLACES,
        "batches": BATCHES,
        "moves": moves,
        "first": _FIRST,
        "second": _SECOND,
        "salts": _SALTS,
    }
    for table, statement in (
        ("inventory_product", _PRODUCTS),
        ("inventory_place", _PLACES),
        ("inventory_batch", _BATCH_ROWS),
        ("inventory_stock", _STOCK),
        ("inventory_productstock", _TOTALS),
    ):
        load(owner, table, statement=statement, values=values)
    for part in _FIGURES.split(";\n"):
        load(owner, "inventory_stockfigure", statement=part, values=values)
    for part in _MOVES.split(";\n"):
        load(owner, "inventory_move", statement=part, values=values)
