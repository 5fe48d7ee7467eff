-- Findings of one kind, together
-- One row per rule, actor, account and resource on one day, with any number of findings; the earliest
-- represents them.
-- first_time: The time of the earliest.
-- last_time: The time of the latest.
-- findings: How many there are.
-- open: How many of them are open and not hidden.
-- hidden: How many of them a suppression hides.
-- id: The earliest of them.
-- rule: The rule's id.
-- actor: Who did it, from the logs; null where they do not show it.
-- resource: What it was done to.
select
  group_id,
  min(time) as first_time,
  max(time) as last_time,
  count(*) as findings,
  count_if(state <> 'closed' and not hidden)::bigint as "open",
  count_if(hidden)::bigint as hidden,
  any_value(rule) as rule,
  arg_min(severity, time) as severity,
  any_value(title) as title,
  any_value(actor) as actor,
  any_value(account) as account,
  any_value(resource) as resource,
  arg_min(id, time) as id,
  min(lake_day) as lake_day
from finding_state
group by group_id
