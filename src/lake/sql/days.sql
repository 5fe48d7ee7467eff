-- The days of some rows, in order, and the number of rows of each.
select {{day}}::varchar, count(*)::double
from ({{rows}})
group by {{day}}
order by {{day}} nulls first
