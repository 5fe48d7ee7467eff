-- Findings that name a role session, while one of its sessions was open.
with session as (
  select unnest(from_json($sessions::json, '[{"arn":"VARCHAR","since":"TIMESTAMPTZ","until":"TIMESTAMPTZ"}]')) as own
)
select distinct finding.id, finding.evidence
from finding
join session on finding.actor = session.own.arn and finding.time >= session.own.since and finding.time <= session.own.until
where json_array_length(finding.evidence) = finding.evidence_rows
