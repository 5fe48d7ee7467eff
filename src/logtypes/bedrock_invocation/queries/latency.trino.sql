-- latency.sql in the words of Trino. Made by scripts/portable-sql.py: change that, or the file.
SELECT
  model,
  operation,
  COUNT(latency_ms) AS measured,
  ELEMENT_AT(
    TRANSFORM(
      ARRAY[ELEMENT_AT(
        TRANSFORM(
          ARRAY[ARRAY_SORT(ARRAY_AGG(latency_ms) FILTER(WHERE
            NOT latency_ms IS NULL))],
          v -> CAST(ELEMENT_AT(v, CAST(FLOOR(0.5E0 * (
            CARDINALITY(v) - 1
          )) AS BIGINT) + 1) AS DOUBLE) + (
            0.5E0 * (
              CARDINALITY(v) - 1
            ) - FLOOR(0.5E0 * (
              CARDINALITY(v) - 1
            ))
          ) * (
            ELEMENT_AT(v, CAST(CEIL(0.5E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1) - ELEMENT_AT(v, CAST(FLOOR(0.5E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1)
          )
        ),
        1
      )],
      v -> CAST(IF(v - FLOOR(v) = 0.5E0 AND FLOOR(v) % 2 = 0, FLOOR(v), ROUND(v)) AS BIGINT)
    ),
    1
  ) AS p50,
  ELEMENT_AT(
    TRANSFORM(
      ARRAY[ELEMENT_AT(
        TRANSFORM(
          ARRAY[ARRAY_SORT(ARRAY_AGG(latency_ms) FILTER(WHERE
            NOT latency_ms IS NULL))],
          v -> CAST(ELEMENT_AT(v, CAST(FLOOR(0.9E0 * (
            CARDINALITY(v) - 1
          )) AS BIGINT) + 1) AS DOUBLE) + (
            0.9E0 * (
              CARDINALITY(v) - 1
            ) - FLOOR(0.9E0 * (
              CARDINALITY(v) - 1
            ))
          ) * (
            ELEMENT_AT(v, CAST(CEIL(0.9E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1) - ELEMENT_AT(v, CAST(FLOOR(0.9E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1)
          )
        ),
        1
      )],
      v -> CAST(IF(v - FLOOR(v) = 0.5E0 AND FLOOR(v) % 2 = 0, FLOOR(v), ROUND(v)) AS BIGINT)
    ),
    1
  ) AS p90,
  ELEMENT_AT(
    TRANSFORM(
      ARRAY[ELEMENT_AT(
        TRANSFORM(
          ARRAY[ARRAY_SORT(ARRAY_AGG(latency_ms) FILTER(WHERE
            NOT latency_ms IS NULL))],
          v -> CAST(ELEMENT_AT(v, CAST(FLOOR(0.99E0 * (
            CARDINALITY(v) - 1
          )) AS BIGINT) + 1) AS DOUBLE) + (
            0.99E0 * (
              CARDINALITY(v) - 1
            ) - FLOOR(0.99E0 * (
              CARDINALITY(v) - 1
            ))
          ) * (
            ELEMENT_AT(v, CAST(CEIL(0.99E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1) - ELEMENT_AT(v, CAST(FLOOR(0.99E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1)
          )
        ),
        1
      )],
      v -> CAST(IF(v - FLOOR(v) = 0.5E0 AND FLOOR(v) % 2 = 0, FLOOR(v), ROUND(v)) AS BIGINT)
    ),
    1
  ) AS p99,
  ELEMENT_AT(
    TRANSFORM(
      ARRAY[ELEMENT_AT(
        TRANSFORM(
          ARRAY[ARRAY_SORT(
            ARRAY_AGG(first_byte_latency_ms) FILTER(WHERE
              NOT first_byte_latency_ms IS NULL)
          )],
          v -> CAST(ELEMENT_AT(v, CAST(FLOOR(0.5E0 * (
            CARDINALITY(v) - 1
          )) AS BIGINT) + 1) AS DOUBLE) + (
            0.5E0 * (
              CARDINALITY(v) - 1
            ) - FLOOR(0.5E0 * (
              CARDINALITY(v) - 1
            ))
          ) * (
            ELEMENT_AT(v, CAST(CEIL(0.5E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1) - ELEMENT_AT(v, CAST(FLOOR(0.5E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1)
          )
        ),
        1
      )],
      v -> CAST(IF(v - FLOOR(v) = 0.5E0 AND FLOOR(v) % 2 = 0, FLOOR(v), ROUND(v)) AS BIGINT)
    ),
    1
  ) AS first_byte_p50,
  ELEMENT_AT(
    TRANSFORM(
      ARRAY[ELEMENT_AT(
        TRANSFORM(
          ARRAY[ARRAY_SORT(
            ARRAY_AGG(first_byte_latency_ms) FILTER(WHERE
              NOT first_byte_latency_ms IS NULL)
          )],
          v -> CAST(ELEMENT_AT(v, CAST(FLOOR(0.99E0 * (
            CARDINALITY(v) - 1
          )) AS BIGINT) + 1) AS DOUBLE) + (
            0.99E0 * (
              CARDINALITY(v) - 1
            ) - FLOOR(0.99E0 * (
              CARDINALITY(v) - 1
            ))
          ) * (
            ELEMENT_AT(v, CAST(CEIL(0.99E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1) - ELEMENT_AT(v, CAST(FLOOR(0.99E0 * (
              CARDINALITY(v) - 1
            )) AS BIGINT) + 1)
          )
        ),
        1
      )],
      v -> CAST(IF(v - FLOOR(v) = 0.5E0 AND FLOOR(v) % 2 = 0, FLOOR(v), ROUND(v)) AS BIGINT)
    ),
    1
  ) AS first_byte_p99,
  ROUND(
    CAST(SUM(output_tokens) AS DOUBLE) / NULLIF(NULLIF(SUM(latency_ms), 0), 0) * 1000,
    1
  ) AS tokens_per_second
FROM bedrock_invocation
WHERE
  NOT latency_ms IS NULL
GROUP BY
  model,
  operation
ORDER BY
  measured DESC,
  model
