-- The steps of one run of loglake's agent, in order.
select seq, strftime(time, '%Y-%m-%dT%H:%M:%S.%gZ') as time, kind, tool, input, outcome, said, result, sql, rows
from agent_step
where run = $id::varchar
order by seq
limit 1000
