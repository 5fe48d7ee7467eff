-- One text of a model call.
select
  case $of
    when 'system' then system
    when 'message' then (json_extract(input_inputbodyjson, '$.messages[' || $message::varchar || ']'))::varchar
    when 'answer' then coalesce(output_message, output_outputbodyjson)
    when 'input_body' then input_inputbodyjson
    else output_outputbodyjson
  end as text,
  completion
from bedrock_invocation
where requestid = $requestid::varchar
limit 1
