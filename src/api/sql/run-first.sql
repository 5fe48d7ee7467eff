-- The first call of a run, which has the key that all its calls share.
select conversation_id, identity_arn, accountid
from bedrock_invocation
where requestid = $id::varchar and "timestamp" >= $since::timestamptz and "timestamp" <= $until::timestamptz
limit 1
