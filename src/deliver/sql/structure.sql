-- What all objects have together. Its texts are texts: read_json would make a UUID or a time of a column whose values all look like one.
select json_group_structure(json)
from read_json_objects({{from}}, format = 'newline_delimited', maximum_object_size = 67108864)
