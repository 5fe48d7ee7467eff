select strftime(eventtime, '%H:%M:%S') as time, unnest(lines) as shown
from (
  select eventtime, id, list_filter(string_split(text, chr(10)), lambda line: line <> '') as lines
  from session_log
  where f_sessionid = (select arg_max(f_sessionid, api_errors) from session)
)
order by eventtime, id, generate_subscripts(lines, 1)
