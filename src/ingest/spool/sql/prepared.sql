-- Records that are rows already: their columns as they are.
select {{columns}}, lake_object
from record
