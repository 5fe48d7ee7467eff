-- Which words are names of people, roles, services, APIs or errors that the lake has: a row for each value, `words` in small letters.
-- An API is also found by a word of its name: `snapshot` in `CreateSnapshot`, `rebooted` in `RebootInstances`.
with word as (select unnest({{words}}) as word),
seen as materialized (
  select actor, eventsource, eventname, errorcode from activity_10min
  union
  -- Rows that no follower has summarised yet: all of them where none has run.
  select actor, eventsource, eventname, errorcode from cloudtrail
  where lake_ingested_at > coalesce((select max(lake_ingested_at) from activity_10min), '-infinity')
),
who as (
  select distinct
    actor,
    lower(split_part(actor, ' via ', 1)) as person,
    nullif(split_part(actor, ' via ', 2), '') as role
  from seen
),
api as (
  select distinct
    eventname,
    list_transform(regexp_extract_all(eventname, '[A-Z]+[a-z0-9]*'), part -> lower(part)) as parts
  from seen
)
select distinct kind, word, value
from (
  select 'person' as kind, word, split_part(actor, ' via ', 1) as value
  from word join who on person = word or starts_with(person, word || '@')
  union all
  select 'role', word, role
  from word join who
    on lower(role) = word
    or (
      contains(word, ' ')
      and length(word) > 8
      and starts_with(regexp_replace(lower(role), '[^a-z0-9]', '', 'g'), replace(word, ' ', ''))
    )
  union all
  select 'service', word, eventsource
  from word join (select distinct eventsource from seen) on eventsource = word || '.amazonaws.com' or eventsource = word
  union all
  select 'error', word, errorcode from word join (select distinct errorcode from seen) on lower(errorcode) = word
  union all
  select 'call', word, eventname
  from word join api
    on lower(eventname) = word
    or (
      length(word) >= 4
      and list_has_any(parts, [word, word || 's', rtrim(word, 's'), regexp_replace(word, '(ed|ing|d)$', '')])
    )
)
order by kind, word, value
limit 200
