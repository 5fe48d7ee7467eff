-- How many of each object's rows are in conflict with another.
select lake_object, count(*)::double as conflicts
from conflict
group by lake_object
