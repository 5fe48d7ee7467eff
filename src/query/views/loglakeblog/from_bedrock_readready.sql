-- Bedrock invocations under the names of the Log Lake article
-- One row per model call: the table `bedrock_invocation` with the article's columns, so that its queries run
-- as published.
-- request_time: When the model was called.
-- input_messages: The messages that were sent, as JSON text in the log's own order of keys.
-- output_outputbodyjson_content: The content of the answer, as JSON text, its chunks put together.
select
  timestamp as request_time,
  * exclude (timestamp),
  input_inputbodyjson ->> '$.messages' as input_messages,
  coalesce(
    output_message ->> '$.content',
    output_outputbodyjson ->> '$.content',
    output_outputbodyjson ->> '$.output.message.content'
  ) as output_outputbodyjson_content
from bedrock_invocation
