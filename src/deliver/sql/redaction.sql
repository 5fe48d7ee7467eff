-- Maskings of delivered groups, with what all of a route or of one column and rule have in common.
select
  {{route}} as route,
  {{destination}} as destination,
  policy,
  {{table}} as table_name,
  row_id,
  make_timestamptz(time) as time,
  column_name,
  kind,
  rule,
  rule_version,
  spans,
  make_timestamptz({{now}}) as masked_at,
  make_timestamp({{now}})::date as lake_day,
  concat('route:', {{route}}) as lake_object,
  make_timestamptz({{now}}) as lake_ingested_at
from said_redaction
join (
  values
    {{kinds}}
) as kinds (what, policy, column_name, kind, rule, rule_version) using (what)
where lake_group < {{groups}}
