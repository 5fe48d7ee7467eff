-- Data points of a metric stream as the rows that `datapoint.ts` makes.
select
  make_timestamptz(epoch_us("timestamp")) as timestamp,
  sha1(concat_ws(
    chr(10),
    coalesce(account_id, 'undefined'), coalesce(region, 'undefined'), namespace, metric_name,
    coalesce(dimensions, 'undefined'), value, coalesce(unit, 'undefined')
  )) as id,
  'datapoint' as kind,
  account_id,
  region,
  namespace,
  metric_name,
  dimensions,
  case when json_type(dimensions, '$.EndpointName') = 'VARCHAR' then dimensions ->> '$.EndpointName' end as endpointname,
  case when json_type(dimensions, '$.VariantName') = 'VARCHAR' then dimensions ->> '$.VariantName' end as variantname,
  case when json_type(dimensions, '$.ModelId') = 'VARCHAR' then dimensions ->> '$.ModelId' end as modelid,
  unit,
  "value.count" as count,
  "value.sum" as sum,
  "value.min" as min,
  "value.max" as max,
  average,
  average * factor as average_ms,
  "value.max" * factor as max_ms,
  factor as ms_per_unit,
  if(json_valid(value), value, error('the value of a data point is malformed')) as value,
  metric_stream_name,
  -- columns of alarms
  null::varchar as alarmname,
  null::varchar as alarmarn,
  null::varchar as state,
  null::varchar as previousstate,
  null::timestamptz as previoustimestamp,
  null::varchar as reason,
  null::varchar as reasondata,
  null::double as threshold,
  null::varchar as operation,
  null::varchar as detail,
  null::varchar as unmapped,
  lake_object
from (
  select
    *,
    case when "value.count" <> 0 then "value.sum" / "value.count" end as average,
    case
      when unit = 'Microseconds' then 0.001
      when unit = 'Milliseconds' then 1
      when unit = 'Seconds' then 1000
      when unit <> 'None' then null
      when not regexp_matches(namespace, '^(?:AWS|/aws)/(?:SageMaker|Bedrock)', 'i') then null
      when metric_name in (
        'ModelLatency', 'OverheadLatency', 'ModelSetupTime', 'FirstChunkLatency', 'FirstChunkModelLatency',
        'FirstChunkOverheadLatency', 'ModelLoadingWaitTime', 'ModelUnloadingTime', 'ModelDownloadingTime', 'ModelLoadingTime'
      ) then 0.001
      when metric_name in ('InvocationLatency', 'TimeToFirstToken', 'ClientLatency') then 1
    end::double as factor
  from record
)
