-- cost-inputs.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  lake_day,
  accountid,
  region,
  model,
  COUNT(*) AS calls,
  SUM(input_tokens) AS input_tokens,
  SUM(output_tokens) AS output_tokens,
  SUM(cache_read_tokens) AS cache_read_tokens,
  SUM(cache_write_tokens) AS cache_write_tokens,
  ROUND(
    CAST(SUM(cache_read_tokens) AS DOUBLE) / NULLIF(NULLIF(SUM(input_tokens + cache_read_tokens + cache_write_tokens), 0), 0),
    3
  ) AS cache_share,
  SUM(output_outputimagecount) AS images,
  SUM(output_outputvideodurationseconds) AS video_seconds,
  COUNT(*) FILTER(WHERE
    errorcode IS NULL AND input_tokens IS NULL) AS calls_without_count
FROM bedrock_invocation
GROUP BY
  lake_day,
  accountid,
  region,
  model
ORDER BY
  lake_day DESC,
  input_tokens DESC,
  model
