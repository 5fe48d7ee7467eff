-- Who asked what in loglake
-- Questions in words, the newest first: who asked, with which model, how it ended, what it cost and how many of its
-- claims did not hold.
-- who: Only this name, in any case; all by default.
select
  time,
  asked_by as who,
  role,
  question,
  mode,
  model,
  ended,
  statements,
  claims,
  struck_out,
  input_tokens,
  output_tokens,
  usd,
  run
from agent_run
where $who::varchar is null or lower(asked_by) = lower($who::varchar)
order by time desc
limit 1000
