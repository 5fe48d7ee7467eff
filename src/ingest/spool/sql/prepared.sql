-- Prepared records are rows already: their columns are taken as they are.
select {{columns}}, lake_object
from record
