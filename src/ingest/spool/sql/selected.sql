-- Records that are rows already, once the user's SQL has had its turn: the columns that the table has, and no others.
select {{columns}}, lake_object
from (
{{select}}
)
where case when {{time}} is null then error('the SQL leaves the time of a record out') else true end
