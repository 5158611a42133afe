-- The ten metrics of rival.sql over a warehouse's tables, from all history before an instant.
WITH first_exposures AS (
  SELECT flag_key, unit_id, min(time_ms) AS time_ms, arg_min(variant_id, time_ms) AS variant_id,
    arg_min(country, time_ms) AS country, arg_min(device, time_ms) AS device,
    arg_min(plan, time_ms) AS plan, arg_min(platform, time_ms) AS platform
  FROM exposures
  WHERE time_ms < $until
  GROUP BY flag_key, unit_id
),
joined AS (
  SELECT e.flag_key, e.unit_id, o.name, o.time_ms, o.time_ms - e.time_ms AS age, o.cents, o.latency
  FROM first_exposures e
  JOIN outcomes o ON o.unit_id = e.unit_id AND o.time_ms >= e.time_ms AND o.time_ms < $until
),
ordered AS (
  SELECT flag_key, unit_id, name, time_ms,
    max(time_ms) FILTER (name = 'view_cart') OVER (PARTITION BY flag_key, unit_id ORDER BY time_ms) AS latest_cart,
    min(time_ms) FILTER (name = 'view_cart') OVER (PARTITION BY flag_key, unit_id) AS first_cart
  FROM joined
  WHERE name IN ('view_cart', 'purchase')
),
steps AS (
  SELECT flag_key, unit_id,
    max(CASE WHEN name = 'purchase' AND time_ms - latest_cart < 3600000 THEN 1 ELSE 0 END) AS funnel,
    least(3600000, coalesce(min(time_ms - first_cart) FILTER (name = 'purchase' AND time_ms >= first_cart), 3600000)) AS elapsed
  FROM ordered
  GROUP BY flag_key, unit_id, first_cart
),
units AS (
  SELECT flag_key, unit_id,
    max(CASE WHEN name = 'purchase' AND age < 86400000 THEN 1 ELSE 0 END) AS converted,
    count(*) FILTER (name = 'request') AS requests,
    coalesce(sum(cents) FILTER (name = 'purchase'), 0)::BIGINT AS cents,
    count(*) FILTER (name = 'error') AS errors,
    count(*) FILTER (name = 'request' AND latency > $threshold) AS slow,
    count(*) FILTER (name = 'request' AND latency > $margin) AS slower,
    count(latency) FILTER (name = 'request') AS measured,
    count(*) FILTER (name = 'purchase') AS purchases,
    max(CASE WHEN name = 'view_cart' THEN 1 ELSE 0 END) AS started,
    max(CASE WHEN name = 'request' AND age < 86400000 THEN 1 ELSE 0 END) AS first_day,
    max(CASE WHEN name = 'request' AND age >= 86400000 AND age < 172800000 THEN 1 ELSE 0 END) AS second_day
  FROM joined
  GROUP BY flag_key, unit_id
),
numbers AS (
  SELECT e.flag_key, e.variant_id, e.country, e.device, e.plan, e.platform,
    coalesce(u.converted, 0) AS converted, coalesce(u.requests, 0) AS requests, coalesce(u.cents, 0) AS cents,
    coalesce(u.errors, 0) AS errors, coalesce(u.slow, 0) AS slow, coalesce(u.slower, 0) AS slower,
    coalesce(u.measured, 0) AS measured, coalesce(u.purchases, 0) AS purchases,
    CASE WHEN u.started = 1 THEN s.funnel ELSE 0 END AS funnel,
    CASE WHEN u.started = 1 THEN s.elapsed ELSE 0 END AS elapsed, coalesce(u.started, 0) AS started,
    coalesce(u.second_day, 0) AS returned, coalesce(u.first_day + u.second_day, 0) AS active_days
  FROM first_exposures e
  LEFT JOIN units u USING (flag_key, unit_id)
  LEFT JOIN steps s USING (flag_key, unit_id)
)
SELECT flag_key, variant_id,
  coalesce('country=' || country, 'device=' || device, 'plan=' || plan, 'platform=' || platform, 'all=*'),
  count(*), sum(converted), sum(requests), sum(requests * requests), sum(cents), sum(cents * cents),
  sum(errors), sum(errors * errors), sum(errors * requests),
  sum(slow), sum(slow * slow), sum(slow * measured), sum(slower), sum(slower * slower), sum(slower * measured),
  sum(measured), sum(measured * measured), sum(purchases), sum(purchases * purchases), sum(cents * purchases),
  sum(funnel), sum(elapsed), sum(elapsed::BIGINT * elapsed), sum(started), sum(returned), sum(active_days), sum(active_days * active_days)
FROM numbers
GROUP BY GROUPING SETS (
  (flag_key, variant_id), (flag_key, variant_id, country), (flag_key, variant_id, device), (flag_key, variant_id, plan),
  (flag_key, variant_id, platform))
