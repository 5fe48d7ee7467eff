-- from_bedrock_readready.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  timestamp AS request_time,
  *,
  COALESCE(
    JSON_EXTRACT_SCALAR(input_inputbodyjson, '$.messages'),
    NULLIF(JSON_FORMAT(JSON_EXTRACT(input_inputbodyjson, '$.messages')), 'null')
  ) AS input_messages,
  COALESCE(
    COALESCE(
      JSON_EXTRACT_SCALAR(output_message, '$.content'),
      NULLIF(JSON_FORMAT(JSON_EXTRACT(output_message, '$.content')), 'null')
    ),
    COALESCE(
      JSON_EXTRACT_SCALAR(output_outputbodyjson, '$.content'),
      NULLIF(JSON_FORMAT(JSON_EXTRACT(output_outputbodyjson, '$.content')), 'null')
    ),
    COALESCE(
      JSON_EXTRACT_SCALAR(output_outputbodyjson, '$.output.message.content'),
      NULLIF(
        JSON_FORMAT(JSON_EXTRACT(output_outputbodyjson, '$.output.message.content')),
        'null'
      )
    )
  ) AS output_outputbodyjson_content
FROM bedrock_invocation
