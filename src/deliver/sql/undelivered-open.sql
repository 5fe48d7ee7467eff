-- Rows that a route's destination refused and has not taken since, each once, as last refused.
select substr(id, length({{route}}) + 2), table_name, epoch_us(time), event, host, source, sourcetype
from {{rows}} as undelivered
where route = {{route}}
  and delivered_at is null
  and code <> 'skipped'
  and (len({{ids}}::varchar[]) = 0 or id in (select unnest({{ids}}::varchar[])))
qualify row_number() over (partition by id order by refused_at desc) = 1
order by time, id
