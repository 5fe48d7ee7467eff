-- The days of some rows, in their order, and how many rows each has.
select {{day}}::varchar, count(*)::double
from ({{rows}})
group by {{day}}
order by {{day}} nulls first
