-- The hashes of these objects in the ledger's filters.
select (hash & 4294967295)::uinteger as low, (hash >> 32)::uinteger as high
from (select md5_number_lower(unnest({{objects}}::varchar[])) as hash)
