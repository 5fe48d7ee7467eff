-- How many rows there are, and how many bytes the values of each column have that may be long.
select count(*){{bytes}}
from {{rows}} as added
where {{where}}
