-- The gate's join and four of its kinds of metric in Flink SQL: outcomes at or after a unit's first
-- exposure, summed by unit, then by variant.
WITH first_exposures AS (
  SELECT flag_key, unit_id, variant_id, time_ms
  FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY flag_key, unit_id ORDER BY seen ASC) AS nth
    FROM exposures
  )
  WHERE nth = 1
),
parts AS (
  SELECT flag_key, unit_id, variant_id,
    0 AS purchase, 0 AS request, CAST(0 AS BIGINT) AS micros, 0 AS error
  FROM first_exposures
  UNION ALL
  SELECT e.flag_key, e.unit_id, e.variant_id,
    CASE WHEN o.name = 'purchase' THEN 1 ELSE 0 END,
    CASE WHEN o.name = 'request' THEN 1 ELSE 0 END,
    CASE WHEN o.name = 'purchase' THEN o.micros ELSE CAST(0 AS BIGINT) END,
    CASE WHEN o.name = 'error' THEN 1 ELSE 0 END
  FROM outcomes o
  JOIN first_exposures e ON o.unit_id = e.unit_id AND o.time_ms >= e.time_ms
),
units AS (
  SELECT flag_key, unit_id, variant_id,
    MAX(purchase) AS converted, SUM(request) AS requests, SUM(micros) AS micros, SUM(error) AS errors
  FROM parts
  GROUP BY flag_key, unit_id, variant_id
)
SELECT flag_key, variant_id,
  COUNT(*) AS unit_count, SUM(converted) AS converted, SUM(requests) AS requests,
  SUM(micros) AS micros, SUM(errors) AS errors
FROM units
GROUP BY flag_key, variant_id
