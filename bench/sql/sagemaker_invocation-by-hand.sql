-- The same columns of Data Capture, for the dialects in the corpus. Streamed answers, BASE64 and cut captures are not among it.
copy (
  with line as (
    select filename, json as record
    from read_json_objects({{files}}, format = 'newline_delimited', filename = true, maximum_object_size = 67108864)
  ),
  capture as (
    select
      filename,
      unnest(json_transform(record, '{"captureData":{"endpointInput":{"observedContentType":"VARCHAR","mode":"VARCHAR","encoding":"VARCHAR","data":"VARCHAR"},"endpointOutput":{"observedContentType":"VARCHAR","mode":"VARCHAR","encoding":"VARCHAR","data":"VARCHAR"},"batchTransformOutput":{"encoding":"VARCHAR","data":"VARCHAR"}},"eventMetadata":{"eventId":"VARCHAR","inferenceId":"VARCHAR","inferenceTime":"TIMESTAMP","customAttributes":"JSON"},"groundTruthData":{"encoding":"VARCHAR","data":"VARCHAR"},"eventVersion":"VARCHAR"}')),
      case
        when len(list_filter(json_keys(record), lambda key: key not in ('captureData', 'eventMetadata', 'groundTruthData', 'eventVersion'))) > 0
        or len(list_filter(json_keys(record, '$.captureData'), lambda key: key not in ('endpointInput', 'endpointOutput', 'batchTransformOutput'))) > 0
        or len(list_filter(json_keys(record, '$.captureData.endpointInput'), lambda key: key not in ('observedContentType', 'mode', 'encoding', 'data'))) > 0
        or len(list_filter(json_keys(record, '$.captureData.endpointOutput'), lambda key: key not in ('observedContentType', 'mode', 'encoding', 'data'))) > 0
        or len(list_filter(json_keys(record, '$.eventMetadata'), lambda key: key not in ('eventId', 'inferenceId', 'inferenceTime', 'customAttributes'))) > 0
        then record
      end as unmapped
    from line
  ),
  body as (
    select
      *,
      case when "captureData"."endpointInput".encoding = 'JSON' then json_transform(
        "captureData"."endpointInput".data,
        '{"messages":"JSON","inputs":"VARCHAR","parameters":"JSON","max_tokens":"BIGINT","temperature":"DOUBLE","top_p":"DOUBLE","tools":"JSON"}'
      ) end as asked,
      case when "captureData"."endpointOutput".encoding = 'JSON' then json_transform(
        "captureData"."endpointOutput".data,
        '{"model":"VARCHAR","choices":[{"message":{"content":"VARCHAR","reasoning_content":"VARCHAR","tool_calls":"JSON"},"finish_reason":"VARCHAR"}],"usage":{"prompt_tokens":"BIGINT","completion_tokens":"BIGINT","prompt_tokens_details":{"cached_tokens":"BIGINT"}},"error":{"code":"VARCHAR","message":"VARCHAR"}}'
      ) end as answered,
      case when "captureData"."endpointOutput".encoding = 'JSON' and starts_with("captureData"."endpointOutput".data, '[') then json_transform(
        "captureData"."endpointOutput".data,
        '[{"generated_text":"VARCHAR","details":{"finish_reason":"VARCHAR","generated_tokens":"BIGINT"}}]'
      ) end as generated
    from capture
  )
  select
    make_timestamptz(epoch_us("eventMetadata"."inferenceTime")) as eventmetadata_inferencetime,
    sha256(concat_ws(chr(10), "eventMetadata"."eventId", "captureData"."endpointInput".data, "captureData"."endpointOutput".data)) as id,
    'endpoint' as kind,
    'inferenceTime' as timesource,
    split_part(filename, '/', -7) as endpointname,
    split_part(filename, '/', -6) as variantname,
    make_timestamptz(epoch_us(strptime(regexp_extract(filename, '(\d{4}/\d\d/\d\d/\d\d)/[^/]*$', 1), '%Y/%m/%d/%H'))) as capturehour,
    "eventMetadata"."eventId" as eventmetadata_eventid,
    "eventMetadata"."inferenceId" as eventmetadata_inferenceid,
    "eventMetadata"."customAttributes" as eventmetadata_customattributes,
    case when asked.messages is not null then 'openai-chat' when asked.inputs is not null then 'tgi' end as dialect,
    answered.model as modelid,
    list_filter(from_json(asked.messages, '[{"role":"VARCHAR","content":"VARCHAR"}]'), lambda message: message.role = 'system')[1].content as system,
    coalesce(asked.inputs, list_filter(from_json(asked.messages, '[{"role":"VARCHAR","content":"VARCHAR"}]'), lambda message: message.role = 'user')[-1].content) as prompt,
    coalesce(generated[1].generated_text, answered.choices[1].message.content) as completion,
    answered.choices[1].message.reasoning_content as reasoning,
    coalesce(generated[1].details.finish_reason, answered.choices[1].finish_reason) as stop_reason,
    answered.usage.prompt_tokens as input_tokens,
    coalesce(generated[1].details.generated_tokens, answered.usage.completion_tokens) as output_tokens,
    answered.usage.prompt_tokens_details.cached_tokens as cache_read_tokens,
    coalesce(asked.parameters, case when asked.messages is not null then json_object('max_tokens', asked.max_tokens, 'temperature', asked.temperature) end) as parameters,
    md5(concat_ws(chr(10), split_part(filename, '/', -7), asked.messages ->> '$[0]', asked.messages ->> '$[1]')) as conversation_id,
    json_array_length(asked.messages) as message_count,
    json_extract(asked.tools, '$[*].function.name')::json as tools,
    answered.choices[1].message.tool_calls as tool_uses,
    list_filter(from_json(asked.messages, '["JSON"]'), lambda message: message ->> '$.role' = 'tool')::json as tool_results,
    answered.error.code as errorcode,
    answered.error.message as errormessage,
    'inline' as input_body_state,
    null::varchar as input_body,
    'inline' as output_body_state,
    null::varchar as output_body,
    "captureData"."endpointInput"."observedContentType" as capturedata_endpointinput_observedcontenttype,
    "captureData"."endpointInput".mode as capturedata_endpointinput_mode,
    "captureData"."endpointInput".encoding as capturedata_endpointinput_encoding,
    "captureData"."endpointInput".data as capturedata_endpointinput_data,
    "captureData"."endpointOutput"."observedContentType" as capturedata_endpointoutput_observedcontenttype,
    "captureData"."endpointOutput".mode as capturedata_endpointoutput_mode,
    "captureData"."endpointOutput".encoding as capturedata_endpointoutput_encoding,
    "captureData"."endpointOutput".data as capturedata_endpointoutput_data,
    "captureData"."batchTransformOutput".encoding as capturedata_batchtransformoutput_encoding,
    "captureData"."batchTransformOutput".data as capturedata_batchtransformoutput_data,
    "groundTruthData".encoding as groundtruthdata_encoding,
    "groundTruthData".data as groundtruthdata_data,
    "eventVersion" as eventversion,
    unmapped,
    filename as lake_object,
    "eventMetadata"."inferenceTime"::date as lake_day,
    now() as lake_ingested_at
  from body
) to {{target}} (format parquet, compression zstd)
