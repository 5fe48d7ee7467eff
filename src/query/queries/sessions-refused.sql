-- Sessions that were refused
-- People who were refused a session, and whether the same person opened one within the hour.
select
  refused.started,
  refused.who,
  refused.acting_as,
  refused.instance,
  refused.errorcode,
  refused.sourceipaddress,
  count(opened.eventid) as opened_within_the_hour,
  any_value(opened.acting_as) as opened_as,
  refused.eventid
from session as refused
left join session as opened
  on opened.outcome = 'opened'
  and opened.who = refused.who
  and opened.started between refused.started and refused.started + interval 1 hour
where refused.outcome = 'refused'
group by all
order by refused.started desc
limit 1000
