-- The same columns of model invocation logs, for the operations and dialects in the corpus (Converse and Anthropic's); no bodies in other objects.
copy (
  with line as (
    select filename, json as record
    from read_json_objects({{files}}, format = 'newline_delimited', filename = true, maximum_object_size = 67108864)
  ),
  call as (
    select
      filename,
      unnest(json_transform(record, '{"schemaType":"VARCHAR","schemaVersion":"VARCHAR","timestamp":"TIMESTAMP","accountId":"VARCHAR","identity":{"arn":"VARCHAR"},"region":"VARCHAR","requestId":"VARCHAR","operation":"VARCHAR","modelId":"VARCHAR","inferenceRegion":"VARCHAR","errorCode":"VARCHAR","requestMetadata":"JSON","input":{"inputContentType":"VARCHAR","inputBodyJson":"JSON","inputBodyS3Path":"VARCHAR","inputTokenCount":"BIGINT","cacheReadInputTokenCount":"BIGINT","cacheWriteInputTokenCount":"BIGINT"},"output":{"outputContentType":"VARCHAR","outputBodyJson":"JSON","outputBodyS3Path":"VARCHAR","outputTokenCount":"BIGINT","outputImageCount":"BIGINT","outputVideoDurationSeconds":"DOUBLE","outputVideoFramesPerSecond":"DOUBLE","outputVideoWidth":"BIGINT","outputVideoHeight":"BIGINT"}}')),
      case
        when len(list_filter(json_keys(record), lambda key: key not in (
          'schemaType', 'schemaVersion', 'timestamp', 'accountId', 'identity', 'region', 'requestId', 'operation',
          'modelId', 'inferenceRegion', 'errorCode', 'requestMetadata', 'input', 'output'
        ))) > 0
        or len(list_filter(json_keys(record, '$.identity'), lambda key: key <> 'arn')) > 0
        or len(list_filter(json_keys(record, '$.input'), lambda key: key not in (
          'inputContentType', 'inputBodyJson', 'inputBodyS3Path', 'inputTokenCount', 'cacheReadInputTokenCount', 'cacheWriteInputTokenCount'
        ))) > 0
        or len(list_filter(json_keys(record, '$.output'), lambda key: key not in (
          'outputContentType', 'outputBodyJson', 'outputBodyS3Path', 'outputTokenCount', 'outputImageCount',
          'outputVideoDurationSeconds', 'outputVideoFramesPerSecond', 'outputVideoWidth', 'outputVideoHeight'
        ))) > 0
        then record
      end as unmapped
    from line
  ),
  body as (
    select
      * exclude (input, output),
      input,
      output,
      input."inputBodyJson" as asked,
      output."outputBodyJson" as answered,
      json_transform(input."inputBodyJson", '{"system":"JSON","messages":["JSON"],"tools":"JSON","toolConfig":{"tools":"JSON"}}') as question,
      case when json_type(output."outputBodyJson") = 'OBJECT' then json_transform(
        output."outputBodyJson",
        '{"content":"JSON","stop_reason":"VARCHAR","stopReason":"VARCHAR","output":{"message":{"content":"JSON"}},"usage":{"inputTokens":"BIGINT","outputTokens":"BIGINT","input_tokens":"BIGINT","output_tokens":"BIGINT"},"metrics":{"latencyMs":"BIGINT"},"amazon-bedrock-guardrailAction":"VARCHAR","trace":"JSON","amazon-bedrock-trace":"JSON"}'
      ) end as answer
    from call
  ),
  content as (
    select
      *,
      coalesce(answer.content, answer.output.message.content) as said,
      question.messages[-1] as last_message,
      json_type(answered) = 'ARRAY' as streamed
    from body
  )
  select
    make_timestamptz(epoch_us(timestamp)) as timestamp,
    "requestId" as requestid,
    "accountId" as accountid,
    region,
    "inferenceRegion" as inferenceregion,
    operation,
    "modelId" as modelid,
    regexp_extract("modelId", '(?:^|/)(?:[a-z]+\.)?([a-z0-9]+\.[^/]+)$', 1) as model,
    identity.arn as identity_arn,
    case when contains(identity.arn, ':assumed-role/') then 'assumed role' when contains(identity.arn, ':user/') then 'IAM user' end as identity_kind,
    split_part(identity.arn, '/', 2) as identity_name,
    split_part(identity.arn, '/', 3) as identity_session,
    "requestMetadata" as requestmetadata,
    "errorCode" as errorcode,
    "schemaType" as schematype,
    "schemaVersion" as schemaversion,
    input."inputContentType" as input_inputcontenttype,
    asked as input_inputbodyjson,
    input."inputBodyS3Path" as input_inputbodys3path,
    'inline' as input_body_state,
    input."inputTokenCount" as input_inputtokencount,
    input."cacheReadInputTokenCount" as input_cachereadinputtokencount,
    input."cacheWriteInputTokenCount" as input_cachewriteinputtokencount,
    output."outputContentType" as output_outputcontenttype,
    answered as output_outputbodyjson,
    output."outputBodyS3Path" as output_outputbodys3path,
    'inline' as output_body_state,
    output."outputTokenCount" as output_outputtokencount,
    output."outputImageCount" as output_outputimagecount,
    output."outputVideoDurationSeconds" as output_outputvideodurationseconds,
    output."outputVideoFramesPerSecond" as output_outputvideoframespersecond,
    output."outputVideoWidth" as output_outputvideowidth,
    output."outputVideoHeight" as output_outputvideoheight,
    coalesce(array_to_string(json_extract_string(question.system, '$[*].text'), chr(10)), question.system ->> '$') as system,
    coalesce(nullif(array_to_string(json_extract_string(last_message, '$.content[*].text'), chr(10)), ''), last_message ->> '$.content') as prompt,
    case
      when streamed then array_to_string(json_extract_string(answered, '$[*].delta.text'), '')
      else array_to_string(json_extract_string(said, '$[*].text'), chr(10))
    end as completion,
    array_to_string(json_extract_string(said, '$[*].reasoningContent.reasoningText.text'), chr(10)) as reasoning,
    json_object('role', 'assistant', 'content', said) as output_message,
    coalesce(answer."stopReason", answer.stop_reason, json_extract_string(answered, '$[*].delta.stop_reason')[1]) as stop_reason,
    input."inputTokenCount" as input_tokens,
    output."outputTokenCount" as output_tokens,
    input."cacheReadInputTokenCount" as cache_read_tokens,
    input."cacheWriteInputTokenCount" as cache_write_tokens,
    coalesce(answer.metrics."latencyMs", json_extract(answered, '$[*]."amazon-bedrock-invocationMetrics".invocationLatency')[1]::bigint) as latency_ms,
    json_extract(answered, '$[*]."amazon-bedrock-invocationMetrics".firstByteLatency')[1]::bigint as first_byte_latency_ms,
    answer."amazon-bedrock-guardrailAction" as guardrail_action,
    case coalesce(answer."amazon-bedrock-guardrailAction", answer."stopReason")
      when 'INTERVENED' then 'intervened' when 'guardrail_intervened' then 'intervened' when 'NONE' then 'none'
    end as guardrail_verdict,
    json_keys(coalesce(answer.trace, answer."amazon-bedrock-trace"), '$.guardrail.inputAssessment')::json as guardrail_ids,
    json_extract(coalesce(answer.trace, answer."amazon-bedrock-trace"), '$.guardrail.inputAssessment.*.*')::json as guardrail_policies,
    coalesce(answer.trace, answer."amazon-bedrock-trace") as guardrail_trace,
    md5(concat_ws(chr(10), "accountId", identity.arn, question.messages[1])) as conversation_id,
    len(question.messages) as message_count,
    coalesce(json_extract(question."toolConfig".tools, '$[*].toolSpec.name'), json_extract(question.tools, '$[*].name'))::json as tools,
    -- of the whole conversation, which each call brings along
    (json_extract(asked, '$.messages[*].content[*].toolUse') || json_extract(said, '$[*].toolUse'))::json as tool_uses,
    json_extract(asked, '$.messages[*].content[*].toolResult')::json as tool_results,
    unmapped,
    filename as lake_object,
    timestamp::date as lake_day,
    now() as lake_ingested_at
  from content
) to {{target}} (format parquet, compression zstd)
