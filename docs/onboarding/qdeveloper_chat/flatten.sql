-- What no field of a record says, or only together with something else.
select
  *,
  nullif(regexp_extract(lake_object, 'AWSLogs/(\d{12})/QDeveloperLogs/', 1), '') as accountid,
  nullif(regexp_extract(lake_object, 'QDeveloperLogs/[^/]+/([^/]+)/', 1), '') as awsregion,
  nullif(regexp_extract(userid, '^(d-[0-9a-f]+)\.', 1), '') as identitystore
from record
