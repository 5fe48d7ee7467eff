-- The same columns of the events in CloudWatch Logs subscriptions. The documents lie behind each other without a separator.
copy (
  with event as (
    select filename, owner, "logGroup", "logStream", "subscriptionFilters", "policyLevel", unnest("logEvents") as event
    from read_json(
      {{files}},
      format = 'unstructured', compression = 'gzip', filename = true, maximum_object_size = 67108864,
      columns = {
        messageType: 'VARCHAR', owner: 'VARCHAR', logGroup: 'VARCHAR', logStream: 'VARCHAR',
        subscriptionFilters: 'JSON', policyLevel: 'VARCHAR',
        logEvents: 'STRUCT(id VARCHAR, "timestamp" BIGINT, message VARCHAR, "extractedFields" JSON)[]'
      }
    )
    where "messageType" = 'DATA_MESSAGE'
  )
  select
    make_timestamptz(event.timestamp * 1000) as timestamp,
    event.id as id,
    "logGroup" as loggroup,
    "logStream" as logstream,
    owner,
    event.message as message,
    "subscriptionFilters" as subscriptionfilters,
    "policyLevel" as policylevel,
    event."extractedFields" as extractedfields,
    filename as lake_object,
    make_timestamp(event.timestamp * 1000)::date as lake_day,
    now() as lake_ingested_at
  from event
) to {{target}} (format parquet, compression zstd)
