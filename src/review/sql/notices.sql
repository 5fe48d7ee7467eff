-- Notices of reviews: the first row of each, and its outcome.
select
  id,
  coalesce(any_value(outcome) filter (where outcome <> 'planned'), 'planned') as outcome,
  any_value(message) as message,
  any_value(run) filter (where outcome = 'planned') as run,
  strftime(min(time), '%Y-%m-%dT%H:%M:%S.%gZ') as planned,
  strftime(max(time), '%Y-%m-%dT%H:%M:%S.%gZ') as "at",
  any_value(review_id) as review_id,
  any_value(person) as person,
  strftime(any_value(started), '%Y-%m-%dT%H:%M:%S.%gZ') as started,
  strftime(any_value(due), '%Y-%m-%dT%H:%M:%S.%gZ') as due,
  any_value(stage) as stage,
  any_value(recipient) as recipient,
  any_value(on_behalf_of) as on_behalf_of,
  any_value(destination) as destination,
  any_value(answer) as answer
from review_notice
where $id::varchar is null or review_id = $id::varchar
group by id
order by planned, id
