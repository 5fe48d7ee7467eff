-- Principals whose names have a part in them, those with most events first.
select actor, count(*) as events
from cloudtrail
where {{condition}}
  and contains(lower(actor), lower({{part}}))
group by actor
order by events desc, actor
limit {{max}}
