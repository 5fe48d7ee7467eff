-- bedrock_call_cost.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  *
FROM (
  SELECT
    call.*,
    CAST((
      COALESCE(call.input_tokens, 0) * price.input + COALESCE(call.output_tokens, 0) * price.output + CASE
        WHEN call.cache_read_tokens > 0
        THEN call.cache_read_tokens * price.cache_read
        ELSE 0
      END + CASE
        WHEN call.cache_write_tokens > COALESCE(call.cache_write_1h_tokens, 0)
        THEN (
          call.cache_write_tokens - COALESCE(call.cache_write_1h_tokens, 0)
        ) * price.cache_write
        ELSE 0
      END + CASE
        WHEN call.cache_write_1h_tokens > 0
        THEN call.cache_write_1h_tokens * price.cache_write_1h
        ELSE 0
      END
    ) AS DOUBLE) / NULLIF(1000000, 0) AS cost_usd,
    NOT call.input_tokens IS NULL OR NOT call.output_tokens IS NULL AS counted,
    price.source AS price_source,
    ROW_NUMBER() OVER (
      PARTITION BY call.lake_day, call.accountid, call.requestid
      ORDER BY price.profile IS NULL, price.region IS NULL, price.valid_from DESC
    ) AS window_1
  FROM bedrock_call AS call
  LEFT JOIN model_price AS price
    ON price.model = call.model
    AND (
      price.profile IS NULL
      OR STARTS_WITH(
        COALESCE(ELEMENT_AT(SPLIT(call.modelid, '/'), -1), IF(NOT call.modelid IS NULL, '')),
        CONCAT(CAST(price.profile AS VARCHAR), CAST('.' AS VARCHAR))
      )
    )
    AND (
      price.region IS NULL OR price.region = call.region
    )
    AND (
      price.valid_from IS NULL OR price.valid_from <= call.lake_day
    )
) AS numbered
WHERE
  window_1 = 1
