-- How many rows there are, and how many bytes their long values have together.
select count(*), coalesce(sum({{bytes}}), 0)
from {{rows}} as added
where {{where}}
