-- Runs of agents, the longest first
-- Each run with its person, its calls and tools, its tokens and time: a conversation from its first message
-- on.
-- since: Only runs that began on this day or later, as in 2026-01-07; all by default.
select
  conversation,
  min(started) as started,
  date_diff('second', min(time), max(time)) as seconds,
  any_value(who) as who,
  any_value(role) as role,
  count(*) as calls,
  string_agg(nullif(tools_called, ''), ', ' order by call) as tools,
  sum(input_tokens)::bigint as input_tokens,
  sum(output_tokens)::bigint as output_tokens,
  count(errorcode) as failed,
  left(arg_min_null(prompt, call), 100) as asked
from conversation
group by conversation
having min(started) >= coalesce($since::date, date '1970-01-01')
order by calls desc, started desc
limit 1000
