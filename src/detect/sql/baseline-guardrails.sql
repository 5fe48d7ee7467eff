-- Configurations of Bedrock's guardrails in the new rows of CloudTrail, next to the previous one: see
-- `baselines/guardrails.ts`. A configuration is a list of fields, each with a number: the strength of a
-- filter (1 to 3), or a count. A number that the log does not show is null, and is not compared.
create or replace temp table baselines_guardrails as
with change as (
  select
    coalesce(recipientaccountid, useridentity_accountid, '') as account,
    regexp_replace(
      coalesce(requestparameters ->> '$.guardrailIdentifier', responseelements ->> '$.guardrailId'), '^.*guardrail/', ''
    ) as who,
    eventtime as first_time, eventid as first_id, actor, awsregion as region, requestparameters as given
  from {{rows}}
  where eventsource = 'bedrock.amazonaws.com' and eventname in ('CreateGuardrail', 'UpdateGuardrail') and errorcode is null
),
counted as (
  select
    *,
    list_transform(
      [
        {'name': 'topics', 'found': given -> '$.topicPolicyConfig.topicsConfig'},
        {'name': 'words', 'found': given -> '$.wordPolicyConfig.wordsConfig'},
        {'name': 'lists of words', 'found': given -> '$.wordPolicyConfig.managedWordListsConfig'},
        {'name': 'kinds of personal data', 'found': given -> '$.sensitiveInformationPolicyConfig.piiEntitiesConfig'},
        {'name': 'patterns', 'found': given -> '$.sensitiveInformationPolicyConfig.regexesConfig'},
        {'name': 'checks of grounding', 'found': given -> '$.contextualGroundingPolicyConfig.filtersConfig'}
      ],
      lambda part: {
        'name': part.name,
        'value': case
          when part.found is null then 0
          when json_type(part.found) = 'ARRAY' then json_array_length(part.found)::int
        end
      }
    ) as counts,
    flatten(
      list_transform(
        coalesce(
          from_json(
            given -> '$.contentPolicyConfig.filtersConfig',
            '[{"type": "VARCHAR", "inputStrength": "VARCHAR", "outputStrength": "VARCHAR"}]'
          ),
          []
        ),
        lambda part: [
          {'name': part.type || ' of prompts', 'value': coalesce(list_position(['LOW', 'MEDIUM', 'HIGH'], part.inputstrength), 0)::int},
          {'name': part.type || ' of answers', 'value': coalesce(list_position(['LOW', 'MEDIUM', 'HIGH'], part.outputstrength), 0)::int}
        ]
      )
    ) as strengths
  from change
  where who is not null
),
configured as (
  select
    account, who, first_time, first_id, actor, region, true as is_new,
    to_json(list_filter(list_concat(strengths, counts), lambda part: part.value is null or part.value > 0))::varchar as what
  from counted
),
state as (
  select * from configured
  union all by name
  select coalesce(account, '') as account, who, first_time, first_id, what, false as is_new
  from {{seen}}
  where kind = 'guardrail'
)
select
  account, who, what, first_time, first_id, actor, region, is_new,
  lag(what) over history as what_before,
  lag(first_time) over history as time_before,
  lag(first_id) over history as id_before
from (select * from state qualify row_number() over (partition by account, who, first_id order by is_new desc) = 1)
window history as (partition by account, who order by first_time, first_id)
