select
  {{columns}}
from {{rows}} as added
where {{where}}
{{order}}
{{limit}}
