-- Question: what was abnormal, by what it is blamed on?
-- One row is: an incident in its newest state, by cause, the newest first.
-- Columns
--   common_cause           what the abnormal series share, as dimension=value; everything
--   opened_at, closed_at   when it began and ended; no end while it is open
--   kind                   SPIKE, DIP, MISSING_DATA, or LEVEL_SHIFT once it lasted a day
--   severity               info, warning or critical
--   metrics                outcomes that are abnormal together, the strongest first
--   sentence               what was seen instead of what was expected
--   owner                  who answers for it
--   respond_by             when somebody must have answered
WITH newest AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY incident_id ORDER BY event_time DESC) AS place
  FROM incidents
)
SELECT COALESCE(GET(MAP_KEYS(common_cause), 0) || '=' || GET(MAP_VALUES(common_cause), 0), 'everything') AS common_cause,
    opened_at, closed_at, kind, severity, ARRAY_JOIN(metrics, ', ') AS metrics, sentence, owner,
    respond_by
FROM newest
WHERE place = 1
ORDER BY common_cause, opened_at DESC;
