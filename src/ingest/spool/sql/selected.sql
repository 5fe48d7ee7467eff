-- The rows that the user's SQL makes of prepared records: only the columns of the table.
select {{columns}}, lake_object
from (
{{select}}
)
where case when {{time}} is null then error('the SQL leaves the time of a record out') else true end
