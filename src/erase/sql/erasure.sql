-- The row that records what was erased, and why.
select {{id}} as "id", now() as "time", {{kind}} as "kind", {{value_sha256}} as "value_sha256", {{before}} as "before",
  {{by}} as "by", {{reason}} as "reason", {{rows}}::bigint as "rows", {{tables}} as "tables", {{held}}::bigint as "held",
  current_date as lake_day, null::varchar as lake_object, now() as lake_ingested_at
