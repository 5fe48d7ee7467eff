-- The calls of an analysis, each in its newest state.
select item, version, kind, state, about, account, events, attempt, input, output, input_tokens, output_tokens, job, error
from analysis_item
where run = {{run}}
qualify version = max(version) over (partition by item)
order by item
