-- A row as the text of a JSON object; null columns have no field. Behind it, where it is sent as it is, its name and its time.
select '{' || concat_ws(',',
  {{fields}}
) || '}' as row{{names}}
from {{rows}} as added
where {{where}}
{{order}}
{{limit}}
