-- What job `impact` writes to retention_curves and revenue_curves, as counts and sums. $exposures and $outcomes are lists of the
-- tables' Parquet files, $half is when stage half was entered and $end when the data end, epoch microseconds.
-- Retention counts a unit at an age once for each definition; ages of a unit that has not lived them in full do not count.

CREATE OR REPLACE TEMP TABLE units AS
SELECT unit_id, variant, device, entered_us, CASE WHEN entered_us < $half THEN 'canary' ELSE 'half' END AS stage,
  ($end - entered_us) // 86400000000 AS passed
FROM (
  SELECT unit_id, arg_min(variant_id, event_time) AS variant, arg_min(attributes['device'], event_time) AS device,
    epoch_us(min(event_time)) AS entered_us
  FROM read_parquet($exposures) WHERE flag_key = 'bench-impact' GROUP BY unit_id);

-- One row a unit and day with something on it; copies of an event count once.
CREATE OR REPLACE TEMP TABLE days AS
SELECT unit_id, any_value(variant) AS variant, any_value(device) AS device, any_value(stage) AS stage, any_value(passed) AS passed, age,
  bool_or(name = 'session_start') AS active,
  sum(CASE WHEN name = 'purchase' THEN cents ELSE 0 END)::BIGINT AS cents,
  sum(CASE WHEN name = 'purchase' AND cents < 0 THEN -cents ELSE 0 END)::BIGINT AS refunds
FROM (
  SELECT u.*, o.name, o.cents, (o.time_us - u.entered_us) // 86400000000 AS age
  FROM (
    SELECT unit_id, event_id, any_value(outcome_name) AS name, epoch_us(min(event_time)) AS time_us,
      any_value(outcome_value_micros) // 10000 AS cents
    FROM read_parquet($outcomes) WHERE outcome_name IN ('session_start', 'purchase') GROUP BY unit_id, event_id) o
  JOIN units u USING (unit_id)
  WHERE o.time_us >= u.entered_us AND o.time_us < $end)
GROUP BY unit_id, age;

-- Of each unit, by period: the periods it was active in, its first after the entry, its last.
CREATE OR REPLACE TEMP TABLE active AS
SELECT 'day' AS period, unit_id, variant, device, stage, passed, age FROM days WHERE active
UNION ALL
SELECT DISTINCT 'week', unit_id, variant, device, stage, passed // 7, age // 7 FROM days WHERE active;

CREATE OR REPLACE TEMP TABLE eligible AS
SELECT period, stage, variant, device, passed, count(*) AS units
FROM (
  SELECT 'day' AS period, stage, variant, device, passed FROM units
  UNION ALL SELECT 'week', stage, variant, device, passed // 7 FROM units)
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE exact AS
SELECT period, stage, variant, device, age, count(*) AS units FROM active WHERE age < passed GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE reach AS
SELECT period, stage, variant, device, passed, back, last, count(*) AS units
FROM (
  SELECT period, unit_id, stage, variant, device, passed, min(age) FILTER (WHERE age >= 1) AS back, max(age) AS last
  FROM active GROUP BY ALL)
GROUP BY ALL;

-- Steps of a unit's cumulative value: at the day after it spent, and out again once it is too old to be seen.
CREATE OR REPLACE TEMP TABLE steps AS
WITH running AS (
  SELECT unit_id, stage, variant, device, passed, age + 1 AS age,
    sum(cents) OVER w AS total, sum(refunds) OVER w AS refunds
  FROM days WHERE cents <> 0 OR refunds <> 0
  WINDOW w AS (PARTITION BY unit_id ORDER BY age)),
levels AS (
  SELECT *, least(total, 20000) AS capped,
    lag(total, 1, 0) OVER v AS total0, lag(least(total, 20000), 1, 0) OVER v AS capped0, lag(refunds, 1, 0) OVER v AS refunds0,
    row_number() OVER (PARTITION BY unit_id ORDER BY age DESC) = 1 AS is_last
  FROM running WHERE age <= passed
  WINDOW v AS (PARTITION BY unit_id ORDER BY age))
SELECT stage, variant, device, age, sum(c) AS c, sum(c2) AS c2, sum(u) AS u, sum(u2) AS u2, sum(r) AS r
FROM (
  SELECT stage, variant, device, age, capped - capped0 AS c, capped * capped - capped0 * capped0 AS c2, total - total0 AS u,
    total * total - total0 * total0 AS u2, refunds - refunds0 AS r
  FROM levels
  UNION ALL
  SELECT stage, variant, device, passed + 1, -capped, -capped * capped, -total, -total * total, -refunds FROM levels WHERE is_last)
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE cells AS
SELECT * FROM (VALUES ('canary'), ('half'), ('(all)')) s(stage), (VALUES ('off'), ('on')) v(variant),
  (VALUES ('*'), ('mobile'), ('desktop')) d(device);

CREATE OR REPLACE TEMP TABLE retention AS
WITH ages AS (
  SELECT period, age::BIGINT AS age, c.* FROM (
    SELECT 'day' AS period, unnest(range(91)) AS age
    UNION ALL SELECT 'week', unnest(range((SELECT max(passed) // 7 FROM units)::BIGINT))), cells c)
SELECT a.period, a.stage, a.variant, a.device, a.age,
  (SELECT coalesce(sum(units), 0) FROM eligible e WHERE e.period = a.period AND e.variant = a.variant AND a.stage IN (e.stage, '(all)')
    AND a.device IN (e.device, '*') AND e.passed > a.age) AS eligible,
  (SELECT coalesce(sum(units), 0) FROM exact e WHERE e.period = a.period AND e.variant = a.variant AND a.stage IN (e.stage, '(all)')
    AND a.device IN (e.device, '*') AND e.age = a.age) AS exact,
  (SELECT coalesce(sum(units), 0) FROM reach e WHERE e.period = a.period AND e.variant = a.variant AND a.stage IN (e.stage, '(all)')
    AND a.device IN (e.device, '*') AND e.passed > a.age AND e.back <= a.age) AS bounded,
  (SELECT coalesce(sum(units), 0) FROM reach e WHERE e.period = a.period AND e.variant = a.variant AND a.stage IN (e.stage, '(all)')
    AND a.device IN (e.device, '*') AND e.passed > a.age AND e.last >= a.age) AS unbounded
FROM ages a;

CREATE OR REPLACE TEMP TABLE revenue AS
WITH ages AS (
  SELECT age::BIGINT AS age, c.* FROM (SELECT unnest(range(1, (SELECT max(passed) FROM units)::BIGINT + 1)) AS age), cells c
  WHERE age <= 90 OR age % 7 = 0)
SELECT a.stage, a.variant, a.device, a.age,
  (SELECT coalesce(sum(units), 0) FROM eligible e WHERE e.period = 'day' AND e.variant = a.variant AND a.stage IN (e.stage, '(all)')
    AND a.device IN (e.device, '*') AND e.passed >= a.age) AS mature,
  (SELECT struct_pack(c := coalesce(sum(c), 0), c2 := coalesce(sum(c2), 0), u := coalesce(sum(u), 0), u2 := coalesce(sum(u2), 0),
      r := coalesce(sum(r), 0))
    FROM steps s WHERE s.variant = a.variant AND a.stage IN (s.stage, '(all)') AND a.device IN (s.device, '*') AND s.age <= a.age) AS sums
FROM ages a;
