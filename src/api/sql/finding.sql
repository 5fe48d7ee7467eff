-- A finding's evidence, and the number of similar findings.
select
  evidence,
  (select count(*) from finding as other where other.rule = finding.rule and other.id <> finding.id) as same_rule,
  (select count(*) from finding as other where other.actor = finding.actor and other.id <> finding.id) as same_actor
from finding
where id = $id::varchar
