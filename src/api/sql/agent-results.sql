-- The queries of a run of loglake's agent, in order, with what it takes to ask them again.
select result, sql, asked::varchar as asked, rows
from agent_step
where run = $id::varchar and result is not null and sql is not null and asked is not null
order by seq
limit 1000
