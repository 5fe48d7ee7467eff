select *
from read_json({{spool}}, format = 'array', columns = {{columns}}, maximum_object_size = {{largest}})
