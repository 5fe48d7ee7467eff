-- Findings whose id has this prefix.
select
  id, time, severity, title, rule, rule_version, detector, actor, account, region, resource, explanation, evidence_table,
  evidence, evidence_rows, matched, attack, atlas, owasp, author, licence, state, verdict, assignee, reason, decided_by,
  decided_at, hidden, hidden_by, hidden_why, group_id
from finding_state
where starts_with(id, $id)
limit 2
