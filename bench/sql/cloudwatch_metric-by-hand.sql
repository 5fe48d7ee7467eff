-- The same columns of a metric stream's data points; those of alarms are not among the corpus.
copy (
  with line as (
    select filename, json as record
    from read_json_objects({{files}}, format = 'newline_delimited', filename = true)
  ),
  point as (
    select
      filename,
      unnest(json_transform(record, '{"metric_stream_name":"VARCHAR","account_id":"VARCHAR","region":"VARCHAR","namespace":"VARCHAR","metric_name":"VARCHAR","dimensions":"JSON","timestamp":"BIGINT","value":"JSON","unit":"VARCHAR"}')),
      unnest(json_transform(record, '{"dimensions":{"EndpointName":"VARCHAR","VariantName":"VARCHAR","ModelId":"VARCHAR"},"value":{"count":"DOUBLE","sum":"DOUBLE","min":"DOUBLE","max":"DOUBLE"}}'), recursive := true),
      case
        when len(list_filter(json_keys(record), lambda key: key not in (
          'metric_stream_name', 'account_id', 'region', 'namespace', 'metric_name', 'dimensions', 'timestamp', 'value', 'unit'
        ))) > 0 then record
      end as unmapped
    from line
  ),
  timed as (
    select
      *,
      case unit
        when 'Microseconds' then 0.001
        when 'Milliseconds' then 1
        when 'Seconds' then 1000
        when 'None' then case
          when not regexp_matches(namespace, '^(AWS|/aws)/(SageMaker|Bedrock)', 'i') then null
          when metric_name in ('ModelLatency', 'OverheadLatency', 'ModelSetupTime', 'FirstChunkLatency', 'ModelLoadingTime') then 0.001
          when metric_name in ('InvocationLatency', 'TimeToFirstToken', 'ClientLatency') then 1
        end
      end::double as ms_per_unit
    from point
  )
  select
    make_timestamptz(timestamp * 1000) as timestamp,
    sha1(concat_ws(chr(10), account_id, region, namespace, metric_name, dimensions, value, unit)) as id,
    'datapoint' as kind,
    account_id,
    region,
    namespace,
    metric_name,
    dimensions,
    "EndpointName" as endpointname,
    "VariantName" as variantname,
    "ModelId" as modelid,
    unit,
    count,
    sum,
    min,
    max,
    sum / count as average,
    sum / count * ms_per_unit as average_ms,
    max * ms_per_unit as max_ms,
    ms_per_unit,
    value,
    metric_stream_name,
    unmapped,
    filename as lake_object,
    make_timestamp(timestamp * 1000)::date as lake_day,
    now() as lake_ingested_at
  from timed
) to {{target}} (format parquet, compression zstd)
