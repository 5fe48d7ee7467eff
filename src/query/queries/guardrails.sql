-- What guardrails stopped
-- Model calls in which a guardrail intervened, with who asked what.
select time, who, role, model, guardrail_action, left(prompt, 200) as prompt, stop_reason, requestid
from bedrock_call
where guardrail_action = 'INTERVENED'
order by time desc
limit 1000
