-- The rejects that are asked for, newest first.
from reject
where ($code::varchar is null or code = $code::varchar)
  and ($pattern::varchar is null or reject.lake_object like $pattern::varchar)
  and {{source}}
order by reject.lake_ingested_at desc, reject.lake_object, position, reject.id
limit $max::bigint offset $before::bigint
