-- Findings, with what people decided about each
-- One row per finding. A suppression hides a finding of its rule, actor and resource that is older than its
-- end, and that nobody has closed; what is hidden stays here, and is counted. A finding that is opened or taken
-- has no verdict: what was said before stays in `finding_note`.
-- id: Made of the rule, its version and the rows: the same rows give the same id.
-- rule: The rule's id.
-- actor: Who did it, from the logs; null where they do not show it.
-- resource: What it was done to.
-- state: `open`, `taken` or `closed`.
-- verdict: `true`, `false`, `benign` or `duplicate`; null before a decision, and again once it is reopened.
-- assignee: Who looks into it, also after it was closed or reopened; null when it is nobody's.
-- reason: Why the verdict or the state, as the newest note with a reason says; of the notes since it was last opened or taken.
-- decided_by: Who made the newest note.
-- decided_at: When the newest note was made.
-- hidden: Whether a suppression hides it. None hides what is closed.
-- hidden_by: The suppression.
-- hidden_why: Its reason.
with begun as (
  select finding, max(made_at) filter (where state in ('open', 'taken')) as begun_at
  from finding_note
  group by finding
),
note as (
  select
    finding_note.finding,
    arg_max(coalesce(state, 'closed'), made_at) filter (where state is not null or verdict is not null) as state,
    arg_max(verdict, made_at) filter (where verdict is not null and (begun_at is null or made_at > begun_at)) as verdict,
    nullif(arg_max(assignee, made_at) filter (where assignee is not null), '') as assignee,
    arg_max(reason, made_at) filter (where reason is not null and (begun_at is null or made_at >= begun_at)) as reason,
    arg_max(made_by, made_at) as decided_by,
    max(made_at) as decided_at
  from finding_note
  join begun on begun.finding = finding_note.finding
  group by finding_note.finding
),
-- As patterns of LIKE, since only `*` has a meaning: a key of S3 may hold `[`, `?`, `%` and `_`.
suppressed as (
  select
    id,
    arg_max_null(rule, made_at) as rule,
    replace(replace(replace(replace(arg_max_null(actor, made_at), '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') as actor,
    replace(replace(replace(replace(arg_max_null(resource, made_at), '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') as resource,
    arg_max_null(ends_at, made_at) as ends_at,
    arg_max_null(why, made_at) as why
  from suppression
  group by id
),
hiding as (
  select finding.id, min(suppressed.id) as hidden_by, arg_min_null(suppressed.why, suppressed.id) as hidden_why
  from finding
  join suppressed
    on finding.time < suppressed.ends_at
    and (suppressed.rule is null or suppressed.rule = finding.rule)
    and (suppressed.actor is null or coalesce(finding.actor, '') like suppressed.actor escape '!')
    and (suppressed.resource is null or coalesce(finding.resource, '') like suppressed.resource escape '!')
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
  coalesce(note.state, 'open') as state,
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
left join hiding on hiding.id = finding.id and note.state is distinct from 'closed'
