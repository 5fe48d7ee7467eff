-- Findings, with what people decided about each
-- One row per finding. A suppression hides a finding of its rule, actor and resource that is older than its end; what is hidden
-- stays here, and is counted.
-- id: Made of the rule, its version and the rows: the same rows give the same id.
-- rule: The rule's id.
-- actor: Who did it, as the logs say; null where they do not.
-- resource: What it was done to.
-- state: `open`, `taken` or `closed`.
-- verdict: `true`, `false`, `benign` or `duplicate`; null before anybody said.
-- assignee: Who looks into it.
-- reason: Why the verdict or the state, as the newest note with a reason says.
-- decided_by: Who made the newest note.
-- decided_at: When that was.
-- hidden: Whether a suppression hides it.
-- hidden_by: The suppression.
-- hidden_why: Its reason.
with note as (
  select
    finding,
    arg_max(state, made_at) filter (where state is not null) as state,
    arg_max(verdict, made_at) filter (where verdict is not null) as verdict,
    arg_max(assignee, made_at) filter (where assignee is not null) as assignee,
    arg_max(reason, made_at) filter (where reason is not null) as reason,
    arg_max(made_by, made_at) as decided_by,
    max(made_at) as decided_at
  from finding_note
  group by finding
),
suppressed as (
  select
    id,
    arg_max(rule, made_at) as rule,
    arg_max(actor, made_at) as actor,
    arg_max(resource, made_at) as resource,
    arg_max(ends_at, made_at) as ends_at,
    arg_max(why, made_at) as why
  from suppression
  group by id
),
hiding as (
  select finding.id, min_by(suppressed.id, suppressed.id) as hidden_by, min_by(suppressed.why, suppressed.id) as hidden_why
  from finding
  join suppressed
    on finding.time < suppressed.ends_at
    and (suppressed.rule is null or suppressed.rule = finding.rule)
    and (suppressed.actor is null or coalesce(finding.actor, '') glob suppressed.actor)
    and (suppressed.resource is null or coalesce(finding.resource, '') glob suppressed.resource)
  group by finding.id
)
select
  finding.id,
  finding.time,
  finding.rule,
  finding.rule_version,
  finding.severity,
  finding.title,
  finding.explanation,
  finding.actor,
  finding.account,
  finding.region,
  finding.resource,
  finding.evidence_table,
  finding.evidence,
  finding.evidence_rows,
  finding.matched,
  finding.attack,
  finding.atlas,
  finding.owasp,
  finding.author,
  finding.licence,
  finding.detector,
  finding.group_id,
  coalesce(note.state, case when note.verdict is not null then 'closed' end, 'open') as state,
  note.verdict,
  note.assignee,
  note.reason,
  note.decided_by,
  note.decided_at,
  hiding.hidden_by is not null as hidden,
  hiding.hidden_by,
  hiding.hidden_why,
  finding.lake_day
from finding
left join note on note.finding = finding.id
left join hiding on hiding.id = finding.id
