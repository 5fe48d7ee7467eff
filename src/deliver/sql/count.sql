select count(*), count(*) filter (where {{where}})
from {{rows}} as added
