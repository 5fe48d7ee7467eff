-- What was not delivered, by route and reason
-- Rows that a destination refused for good, with its code, and spans that were skipped by hand; rows that it took
-- later are left out.
select
  route,
  destination,
  table_name,
  code,
  sum(coalesce(rows, 1))::bigint as rows,
  min(time) as first_row,
  max(time) as last_row,
  max(refused_at) as last_refused,
  arg_max_null(left(answer, 200), refused_at) as last_answer
from undelivered
where delivered_at is null
group by all
order by rows desc, route, code
limit 1000
