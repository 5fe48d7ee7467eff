-- The same columns of Session Manager's streamed events. What a screen would show, no SQL tells: `text` is the output without escape
-- sequences and what was rubbed out, as one would write it by hand.
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
  ),
  session as (
    select
      * exclude (event),
      event.id as id,
      event.timestamp as timestamp,
      event."extractedFields" as extractedfields,
      unnest(json_transform(event.message, '{"eventVersion":"VARCHAR","eventTime":"TIMESTAMP","awsRegion":"VARCHAR","target":{"id":"VARCHAR"},"userIdentity":{"arn":"VARCHAR"},"runAsUser":"VARCHAR","sessionId":"VARCHAR","sessionData":"JSON"}')),
      case
        when len(list_filter(json_keys(event.message), lambda key: key not in (
          'eventVersion', 'eventTime', 'awsRegion', 'target', 'userIdentity', 'runAsUser', 'sessionId', 'sessionData'
        ))) > 0
        or len(list_filter(json_keys(event.message, '$.target'), lambda key: key <> 'id')) > 0
        or len(list_filter(json_keys(event.message, '$.userIdentity'), lambda key: key <> 'arn')) > 0
        then event.message
      end as unmapped
    from event
  ),
  shown as (
    select
      *,
      regexp_replace(
        regexp_replace(
          array_to_string(from_json("sessionData", '["VARCHAR"]'), chr(10)),
          '\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[ -/]*[0-~])|\r', '', 'g'
        ),
        '[^\x08]\x08 ?\x08?', '', 'g'
      ) as text
    from session
  )
  select
    make_timestamptz(epoch_us("eventTime")) as eventtime,
    "sessionId" as sessionid,
    lower(regexp_extract("sessionId", '([^-]+)$', 1)) as f_sessionid,
    "awsRegion" as awsregion,
    target.id as target_id,
    "userIdentity".arn as useridentity_arn,
    "runAsUser" as runasuser,
    text,
    len(text) - len(replace(text, chr(10), '')) + 1 as lines,
    "sessionData" as sessiondata,
    'streamed' as delivery,
    make_timestamptz(timestamp * 1000) as timestamp,
    id,
    "logGroup" as loggroup,
    "logStream" as logstream,
    owner,
    "subscriptionFilters" as subscriptionfilters,
    "policyLevel" as policylevel,
    extractedfields,
    "eventVersion" as eventversion,
    unmapped,
    filename as lake_object,
    "eventTime"::date as lake_day,
    now() as lake_ingested_at
  from shown
) to {{target}} (format parquet, compression zstd)
