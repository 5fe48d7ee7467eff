-- A row in pieces of the text of a JSON object, where null columns have no field. Behind it, where it is sent as it is, its
-- name and its time.
select
  {{pieces}}{{names}}
from {{rows}} as added
where {{where}}
{{order}}
{{limit}}
