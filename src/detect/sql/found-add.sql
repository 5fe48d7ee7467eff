-- $1: findings as a JSON array.
insert into detect_found by name
select * replace (time::timestamptz as time)
from (
  select unnest(from_json($1, '[{"id": "VARCHAR", "time": "VARCHAR", "rule": "VARCHAR", "rule_version": "VARCHAR",
    "severity": "VARCHAR", "title": "VARCHAR", "explanation": "VARCHAR", "actor": "VARCHAR", "account": "VARCHAR",
    "region": "VARCHAR", "resource": "VARCHAR", "evidence_table": "VARCHAR", "evidence": "VARCHAR",
    "evidence_rows": "BIGINT", "matched": "VARCHAR", "attack": "VARCHAR", "atlas": "VARCHAR", "owasp": "VARCHAR",
    "author": "VARCHAR", "licence": "VARCHAR", "detector": "VARCHAR", "group_id": "VARCHAR",
    "also": ["VARCHAR"]}]'), max_depth := 2)
)
