-- Each hold in the state after its last step.
select id, step, kind, value, since, until, "by", reason, time::varchar as time from {{rows}}
qualify row_number() over (partition by id order by time desc, step desc) = 1
order by time
