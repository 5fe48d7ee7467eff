-- What tells the calls of a run apart from others: of its first call.
select conversation_id, identity_arn, accountid
from bedrock_invocation
where requestid = $id::varchar and "timestamp" >= $since::timestamptz and "timestamp" <= $until::timestamptz
limit 1
