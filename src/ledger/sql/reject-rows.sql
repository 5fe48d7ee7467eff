select * replace (lake_day::date as lake_day), make_timestamptz({{now}}) as lake_ingested_at
from reject_entry
