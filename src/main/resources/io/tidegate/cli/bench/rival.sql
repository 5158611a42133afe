-- The gate's ten metrics in Flink SQL: copies of outcomes left out, outcomes at or after a unit's first
-- exposure, one row a unit, then sums, squares and products over units by variant and segment.
WITH first_exposures AS (
  SELECT flag_key, unit_id, `variant`, event_time,
    CASE WHEN attributes.country IN ('DE', 'FR', 'US') THEN attributes.country ELSE '(other)' END AS country,
    CASE WHEN attributes.device IN ('mobile', 'desktop') THEN attributes.device ELSE '(other)' END AS device,
    CASE WHEN attributes.plan IN ('free', 'plus') THEN attributes.plan ELSE '(other)' END AS plan,
    CASE WHEN attributes.platform IN ('ios', 'android', 'web') THEN attributes.platform ELSE '(other)' END AS platform
  FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY flag_key, unit_id ORDER BY seen ASC) AS nth
    FROM exposures
  )
  WHERE nth = 1 AND `variant` IN ('off', 'on')
),
once AS (
  SELECT unit_id, name, event_time, CAST(ROUND(`value` * 100) AS BIGINT) AS cents, attributes.latency_ms AS latency
  FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY unit_id, event_id ORDER BY seen ASC) AS nth
    FROM outcomes
  )
  WHERE nth = 1 AND name IN ('purchase', 'request', 'error', 'view_cart')
),
parts AS (
  SELECT flag_key, unit_id, `variant`, country, device, plan, platform,
    CAST(NULL AS STRING) AS name, event_time, CAST(0 AS BIGINT) AS age, CAST(0 AS BIGINT) AS cents, CAST(NULL AS DOUBLE) AS latency
  FROM first_exposures
  UNION ALL
  SELECT /*+ STATE_TTL('o' = '0s', 'e' = '0s') */ e.flag_key, e.unit_id, e.`variant`, e.country, e.device, e.plan, e.platform,
    o.name, o.event_time, o.event_time - e.event_time, o.cents, o.latency
  FROM once o
  JOIN first_exposures e ON o.unit_id = e.unit_id AND o.event_time >= e.event_time
),
units AS (
  SELECT /*+ STATE_TTL('parts' = '0s') */ flag_key, unit_id, `variant`, country, device, plan, platform,
    COUNT(*) FILTER (WHERE name = 'purchase' AND age < 86400000) AS early,
    COUNT(*) FILTER (WHERE name = 'request') AS requests,
    SUM(CASE WHEN name = 'purchase' THEN cents ELSE 0 END) AS cents,
    COUNT(*) FILTER (WHERE name = 'error') AS errors,
    COUNT(*) FILTER (WHERE name = 'request' AND latency > $threshold) AS slow,
    COUNT(*) FILTER (WHERE name = 'request' AND latency > $margin) AS slower,
    COUNT(latency) FILTER (WHERE name = 'request') AS measured,
    COUNT(*) FILTER (WHERE name = 'purchase') AS purchases,
    journey(name, event_time) FILTER (WHERE name IN ('view_cart', 'purchase')) AS steps,
    COUNT(*) FILTER (WHERE name = 'request' AND age < 86400000) AS first_day,
    COUNT(*) FILTER (WHERE name = 'request' AND age >= 86400000 AND age < 172800000) AS second_day
  FROM parts
  GROUP BY flag_key, unit_id, `variant`, country, device, plan, platform
),
numbers AS (
  SELECT flag_key, `variant`, country, device, plan, platform, requests, cents, errors, slow, slower, measured, purchases,
    CASE WHEN early > 0 THEN 1 ELSE 0 END AS converted,
    COALESCE(steps.funnel, 0) AS funnel, COALESCE(steps.elapsed, 0) AS elapsed, COALESCE(steps.started, 0) AS started,
    CASE WHEN second_day > 0 THEN 1 ELSE 0 END AS returned,
    CASE WHEN first_day > 0 THEN 1 ELSE 0 END + CASE WHEN second_day > 0 THEN 1 ELSE 0 END AS active_days
  FROM units
)
SELECT /*+ STATE_TTL('numbers' = '0s') */ flag_key, `variant`,
  COALESCE('country=' || country, 'device=' || device, 'plan=' || plan, 'platform=' || platform, 'all=*') AS segment,
  COUNT(*), SUM(converted), SUM(requests), SUM(requests * requests), SUM(cents), SUM(cents * cents),
  SUM(errors), SUM(errors * errors), SUM(errors * requests),
  SUM(slow), SUM(slow * slow), SUM(slow * measured), SUM(slower), SUM(slower * slower), SUM(slower * measured),
  SUM(measured), SUM(measured * measured), SUM(purchases), SUM(purchases * purchases), SUM(cents * purchases),
  SUM(funnel), SUM(elapsed), SUM(elapsed * elapsed), SUM(started), SUM(returned), SUM(active_days), SUM(active_days * active_days)
FROM numbers
GROUP BY GROUPING SETS (
  (flag_key, `variant`), (flag_key, `variant`, country), (flag_key, `variant`, device), (flag_key, `variant`, plan), (flag_key, `variant`, platform))
