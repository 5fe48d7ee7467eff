-- The values of a key in a file, as hashes. MD5, because filters outlive a version of DuckDB.
select md5_number_lower(value) as hash
from (select {{distinct}} value from ({{values}})) as found
where value is not null
