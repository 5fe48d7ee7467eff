-- Principals and models, with and without a guardrail, in the new rows of the invocation log: see
-- `baselines/guarded.ts`.
create or replace temp table baselines_guarded as
with call as (
  select
    coalesce(accountid, '') as account,
    regexp_replace(identity_arn, '^(.*:assumed-role/[^/]+)/.*$', '\1') as who,
    coalesce(model, modelid) as model,
    guardrail_ids is not null or guardrail_action is not null as is_guarded,
    "timestamp" as time, requestid, identity_arn, region
  from {{rows}}
  where identity_arn is not null and errorcode is null and coalesce(model, modelid) is not null
),
fresh as (
  select
    account, who, is_guarded, model, if(is_guarded, 'with ', 'without ') || model as what,
    min(time) as first_time,
    arg_min(requestid, (time, requestid)) as first_id,
    arg_min(identity_arn, (time, requestid)) as actor,
    arg_min_null(region, (time, requestid)) as region
  from call
  group by all
),
seen as (
  select coalesce(account, '') as account, who, what, min(first_time) as first_time
  from {{seen}}
  where kind = 'guarded-call'
  group by all
),
began as (
  select account, who, what, min(first_time) as began
  from (from seen union all select account, who, what, first_time from fresh)
  where starts_with(what, 'with ')
  group by all
)
select
  fresh.* exclude (is_guarded, model), model,
  not is_guarded and fresh.first_time - began.began >= to_days({{days}}) as settled
from fresh
left join began on began.account = fresh.account and began.who = fresh.who and began.what = 'with ' || fresh.model
anti join seen on seen.account = fresh.account and seen.who = fresh.who and seen.what = fresh.what
