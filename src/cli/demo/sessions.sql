select
  coalesce(started, output_from) as time,
  who,
  regexp_replace(acting_as, 'AWSReservedSSO_(.*)_[0-9a-f]+', '\1') as acting_as,
  instance,
  outcome,
  minutes,
  output_lines as lines,
  api_calls as calls_around,
  api_changes as changes,
  api_errors as errors
from session
order by time
