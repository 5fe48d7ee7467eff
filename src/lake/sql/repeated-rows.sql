-- New rows whose key the lake has.
create or replace temp table repeated_row as
select new.*
from {{new}} as new
where exists (select 1 from repeated where {{repeated}})
