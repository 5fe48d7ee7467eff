-- The steps of reviews, sorted by review and number.
select
  review_id,
  seq,
  kind,
  strftime(time, '%Y-%m-%dT%H:%M:%S.%gZ') as "at",
  subject,
  subject_kind,
  person,
  strftime(started, '%Y-%m-%dT%H:%M:%S.%gZ') as started,
  strftime(due, '%Y-%m-%dT%H:%M:%S.%gZ') as due,
  reviewer,
  by_subject,
  by_name,
  by_role,
  by_signed_in,
  on_behalf_of,
  decision,
  reason,
  ticket,
  lake_version,
  evidence_digest,
  evidence_rows,
  people_file_sha256,
  detail,
  previous_sha256
from review
where $id::varchar is null or review_id = $id::varchar
order by review_id, seq
