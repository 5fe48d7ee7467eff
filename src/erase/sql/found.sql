-- By file: rows to remove, rows that a hold keeps, and rows that only mention the value in their text.
select filename, count(*) filter (wanted and not held)::double as gone, count(*) filter (wanted and held)::double as held,
  count(*) filter (not wanted and mentioned)::double as mentioned
from (
  select filename, {{goes}} as wanted, {{hold}} as held, {{mention}} as mentioned from {{rows}} where {{near}}
)
group by filename
