-- What detectors found in a turn, before it is compared with the lake.
create or replace temp table detect_found (
  id varchar, time timestamptz, rule varchar, rule_version varchar, severity varchar, title varchar, explanation varchar,
  actor varchar, account varchar, region varchar, resource varchar, evidence_table varchar, evidence varchar,
  evidence_rows bigint, matched varchar, attack varchar, atlas varchar, owasp varchar, author varchar, licence varchar,
  detector varchar, group_id varchar, also varchar[]
)
