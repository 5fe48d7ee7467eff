-- Valid digests that a later one of their chain skips, because it names another one instead.
select one.lake_object, one.chain
from digest_newest as one
where state = 'valid' and lake_object not in (
    select previous_object from digest_newest where previous_object is not null and state = 'valid'
  )
  and exists (
    from digest_newest as later
    where later.chain = one.chain and later.state = 'valid' and later.previous_object is not null
      and later.start_time >= one.start_time and later.end_time > one.end_time
      and later.previous_object not in (select lake_object from digest_newest where state <> 'valid')
      and later.start_time < one.end_time + interval 1 hour
  )
order by all
