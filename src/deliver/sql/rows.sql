-- A row as the text of a JSON object, in which columns that are null have no field.
select '{' || concat_ws(',',
  {{fields}}
) || '}' as row
from {{rows}} as added
where {{where}}
{{order}}
{{limit}}
