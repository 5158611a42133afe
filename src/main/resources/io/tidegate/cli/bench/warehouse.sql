-- The same join and kinds of metric as rival.sql over a warehouse's tables, from all history before an instant.
WITH first_exposures AS (
  SELECT flag_key, unit_id, arg_min(variant_id, time_ms) AS variant_id, min(time_ms) AS time_ms
  FROM exposures
  WHERE time_ms < $until
  GROUP BY flag_key, unit_id
),
units AS (
  SELECT e.flag_key, e.variant_id, e.unit_id,
    max(CASE WHEN o.name = 'purchase' THEN 1 ELSE 0 END) AS converted,
    count(*) FILTER (o.name = 'request') AS requests,
    coalesce(sum(o.micros) FILTER (o.name = 'purchase'), 0) AS micros,
    count(*) FILTER (o.name = 'error') AS errors
  FROM first_exposures e
  LEFT JOIN outcomes o ON o.unit_id = e.unit_id AND o.time_ms >= e.time_ms AND o.time_ms < $until
  GROUP BY e.flag_key, e.variant_id, e.unit_id
)
SELECT flag_key, variant_id,
  count(*), sum(converted)::BIGINT, sum(requests)::BIGINT, sum(micros)::BIGINT, sum(errors)::BIGINT
FROM units
GROUP BY flag_key, variant_id
