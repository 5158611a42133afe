-- The tables of Tidegate as Flink SQL sees them: every column with its meaning.
-- Generated from io.tidegate.codec.Tables; a test holds the two in step.
-- Tidegate creates the tables itself, partitioned by UTC day as noted, which Flink's
-- CREATE TABLE cannot say; run catalog.sql first and these statements change nothing.

-- One row is one exposure as received, duplicates included.
-- Partitioned by the day of event_time.
CREATE TABLE IF NOT EXISTS exposures (
  event_id STRING NOT NULL COMMENT 'id by which duplicates are known',
  event_time TIMESTAMP_LTZ(6) NOT NULL COMMENT 'when the variant was served',
  unit_id STRING NOT NULL COMMENT 'pseudonym of the unit, 32 hexadecimal digits',
  flag_key STRING NOT NULL COMMENT 'flag that was evaluated',
  variant_id STRING NOT NULL COMMENT 'variant served',
  flag_version STRING NOT NULL COMMENT 'version of the flag''s rules; empty if not given',
  reason STRING NOT NULL COMMENT 'why this variant was served; empty if not given',
  attributes MAP<STRING, STRING> NOT NULL COMMENT 'what was known about the unit, such as country',
  record_time TIMESTAMP_LTZ(6) NOT NULL COMMENT 'timestamp of the Kafka record',
  _topic STRING NOT NULL COMMENT 'Kafka topic of the record',
  _topic_partition INT NOT NULL COMMENT 'partition of the record in its topic',
  _offset BIGINT NOT NULL COMMENT 'offset of the record in its partition'
) COMMENT 'one exposure as received, duplicates included';

-- One row is one outcome as received, duplicates included.
-- Partitioned by the day of event_time.
CREATE TABLE IF NOT EXISTS outcomes (
  event_id STRING NOT NULL COMMENT 'id by which duplicates are known',
  event_time TIMESTAMP_LTZ(6) NOT NULL COMMENT 'when it happened',
  unit_id STRING NOT NULL COMMENT 'pseudonym of the unit, 32 hexadecimal digits',
  outcome_name STRING NOT NULL COMMENT 'what happened, such as purchase',
  outcome_value DOUBLE COMMENT 'value as given; null if none',
  outcome_value_micros BIGINT COMMENT 'the same ×10⁶, exact; null if none',
  attributes MAP<STRING, STRING> NOT NULL COMMENT 'what was known about the event',
  record_time TIMESTAMP_LTZ(6) NOT NULL COMMENT 'timestamp of the Kafka record',
  _topic STRING NOT NULL COMMENT 'Kafka topic of the record',
  _topic_partition INT NOT NULL COMMENT 'partition of the record in its topic',
  _offset BIGINT NOT NULL COMMENT 'offset of the record in its partition'
) COMMENT 'one outcome as received, duplicates included';

-- One row is one event of a rollout, or a tick of the clock that separates two of them.
-- Partitioned by the day of event_time.
CREATE TABLE IF NOT EXISTS rollout_events (
  event_id STRING NOT NULL COMMENT 'id of the event',
  event_time TIMESTAMP_LTZ(6) NOT NULL COMMENT 'when it happened',
  rollout_id STRING NOT NULL COMMENT 'rollout; empty on a TICK',
  kind STRING NOT NULL COMMENT 'DEFINED, STAGE_ENTERED, … NOTE or TICK',
  stage STRING NOT NULL COMMENT 'stage entered; empty elsewhere',
  actor STRING NOT NULL COMMENT 'who or what caused it',
  attempt INT NOT NULL COMMENT 'attempt it belongs to; 0 if not stated',
  note STRING NOT NULL COMMENT 'free text; empty if none',
  links ARRAY<STRING> NOT NULL COMMENT 'addresses of the discussion',
  action_items STRING COMMENT 'JSON list of {text, owner, due}',
  spec STRING COMMENT 'JSON of the rollout''s spec, on DEFINED',
  resolved STRING COMMENT 'JSON of the quantities frozen by history, on DEFINED',
  decision STRING COMMENT 'JSON of {action, codes, verdict, sign_off}',
  environment STRING COMMENT 'JSON of {deployment_version, flags, routing}',
  payload STRING NOT NULL COMMENT 'JSON of the whole event',
  record_time TIMESTAMP_LTZ(6) NOT NULL COMMENT 'timestamp of the Kafka record',
  _topic STRING NOT NULL COMMENT 'Kafka topic of the record',
  _topic_partition INT NOT NULL COMMENT 'partition of the record in its topic',
  _offset BIGINT NOT NULL COMMENT 'offset of the record in its partition'
) COMMENT 'one event of a rollout, or a tick of the clock that separates two of them';

-- One row is a part of the count and sum of an outcome in an hour; parts of a key add up.
-- Partitioned by the day of hour_start.
CREATE TABLE IF NOT EXISTS metric_hourly (
  hour_start TIMESTAMP_LTZ(6) NOT NULL COMMENT 'start of the UTC hour of the event times',
  outcome_name STRING NOT NULL COMMENT 'outcome counted',
  dimension STRING NOT NULL COMMENT 'attribute broken down by; all for the whole',
  segment STRING NOT NULL COMMENT 'its value; * for the whole',
  outcome_count BIGINT NOT NULL COMMENT 'outcomes received, duplicates included',
  value_count BIGINT NOT NULL COMMENT 'outcomes among them that have a value',
  value_sum_micros DECIMAL(38, 0) NOT NULL COMMENT 'sum of the values ×10⁶, exact'
) COMMENT 'a part of the count and sum of an outcome in an hour; parts of a key add up';

-- One row is one gate signal: a verdict with its evidence.
-- Partitioned by the day of boundary.
CREATE TABLE IF NOT EXISTS gate_signals (
  signal_id STRING NOT NULL COMMENT 'deterministic id of the signal',
  rollout_id STRING NOT NULL COMMENT 'rollout',
  attempt INT NOT NULL COMMENT '1 for the first; entering again after a rollback is a new one',
  epoch INT NOT NULL COMMENT 'index of the stage, from 0',
  stage STRING NOT NULL COMMENT 'name of the stage',
  boundary TIMESTAMP_LTZ(6) NOT NULL COMMENT 'everything before this event time was evaluated',
  revision INT NOT NULL COMMENT '0 for the live result; a replay that differs adds one',
  supersedes STRING NOT NULL COMMENT 'signal that this one replaces; empty for none',
  data_hash STRING NOT NULL COMMENT 'hash of everything that the data decided',
  verdict STRING NOT NULL COMMENT 'ADVANCE, HOLD, REVIEW or ROLLBACK',
  overridden BOOLEAN NOT NULL COMMENT 'whether a person set the verdict',
  score INT NOT NULL COMMENT 'ADVANCE 100, HOLD and REVIEW 50, ROLLBACK 0',
  stage_percent DOUBLE NOT NULL COMMENT 'share of traffic the stage treats, percent',
  reasons ARRAY<ROW<code STRING, sentence STRING, observed STRING, threshold STRING>> NOT NULL COMMENT 'why, in the order of judgement',
  evidence STRING NOT NULL COMMENT 'JSON list of the estimates that decided',
  next_percent DOUBLE COMMENT 'recommended next percentage; null: none',
  next_look TIMESTAMP_LTZ(6) COMMENT 'when another verdict is to be looked for',
  restore_stage STRING NOT NULL COMMENT 'last good stage; empty for none',
  restore STRING COMMENT 'JSON of the environment of the last good stage',
  owner STRING NOT NULL COMMENT 'team that owns the rollout',
  contact STRING NOT NULL COMMENT 'where its people are reached',
  respond_by TIMESTAMP_LTZ(6) COMMENT 'when somebody must have answered; null: nobody must',
  missing ARRAY<STRING> NOT NULL COMMENT 'what stands between this and ADVANCE',
  spec_hash STRING NOT NULL COMMENT 'hash of the frozen spec',
  watermark TIMESTAMP_LTZ(6) NOT NULL COMMENT 'event time up to which the data are complete',
  baselines_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of baselines used; 0 for none',
  used_events BIGINT NOT NULL COMMENT 'events used since the attempt began',
  duplicate_events BIGINT NOT NULL COMMENT 'duplicates since the attempt began',
  late_events BIGINT NOT NULL COMMENT 'late events since the attempt began',
  mixed_units BIGINT NOT NULL COMMENT 'units seen in a second variant',
  payload STRING NOT NULL COMMENT 'JSON of the message as sent',
  run_id STRING COMMENT 'replay that appended the row; null for a live row',
  record_time TIMESTAMP_LTZ(6) COMMENT 'timestamp of the Kafka record; null for a replayed row',
  _topic STRING COMMENT 'Kafka topic of the record; null for a replayed row',
  _topic_partition INT COMMENT 'partition of the record; null for a replayed row',
  _offset BIGINT COMMENT 'offset of the record; null for a replayed row'
) COMMENT 'one gate signal: a verdict with its evidence';

-- One row is the effect of a treatment against control on a metric at a boundary, for one purpose.
-- Partitioned by the day of boundary.
CREATE TABLE IF NOT EXISTS stage_estimates (
  rollout_id STRING NOT NULL COMMENT 'rollout',
  attempt INT NOT NULL COMMENT '1 for the first; entering again after a rollback is a new one',
  epoch INT NOT NULL COMMENT 'index of the stage, from 0',
  stage STRING NOT NULL COMMENT 'name of the stage',
  boundary TIMESTAMP_LTZ(6) NOT NULL COMMENT 'everything before this event time was evaluated',
  revision INT NOT NULL COMMENT '0 for the live result; a replay that differs adds one',
  control_variant_id STRING NOT NULL COMMENT 'variant compared against',
  treatment_variant_id STRING NOT NULL COMMENT 'variant judged',
  metric STRING NOT NULL COMMENT 'metric''s name',
  dimension STRING NOT NULL COMMENT 'segment''s dimension; all for the whole',
  segment STRING NOT NULL COMMENT 'segment''s value; * for the whole',
  purpose STRING NOT NULL COMMENT 'harm, deterioration, non_inferiority or success',
  basis STRING NOT NULL COMMENT 'concurrent or baseline',
  normalisation STRING NOT NULL COMMENT 'raw, season or mix',
  estimator STRING NOT NULL COMMENT 'test behind the bounds',
  alpha DOUBLE NOT NULL COMMENT 'level of the bounds',
  bound DOUBLE COMMENT 'margin tested, toward harm; null for none',
  control DOUBLE COMMENT 'metric in control; null: cannot be said',
  treatment DOUBLE COMMENT 'metric in the treatment',
  effect_size DOUBLE COMMENT 'treatment less control',
  effect_size_lower DOUBLE COMMENT 'its lower bound; null: unbounded',
  effect_size_upper DOUBLE COMMENT 'its upper bound; null: unbounded',
  rel_effect_size DOUBLE COMMENT 'treatment over control, less 1',
  rel_effect_size_lower DOUBLE COMMENT 'its lower bound; null: unbounded',
  rel_effect_size_upper DOUBLE COMMENT 'its upper bound; null: unbounded',
  e_value_log DOUBLE COMMENT 'natural log of the e-value against the null',
  p_value DOUBLE COMMENT 'always-valid p-value',
  units_control BIGINT NOT NULL COMMENT 'units in control',
  units_treatment BIGINT NOT NULL COMMENT 'units in the treatment',
  cannot_say STRING NOT NULL COMMENT 'why a number is missing; empty if none is',
  signal_id STRING NOT NULL COMMENT 'signal that this estimate stands behind',
  run_id STRING COMMENT 'replay that appended the row; null for a live row',
  record_time TIMESTAMP_LTZ(6) COMMENT 'timestamp of the Kafka record; null for a replayed row',
  _topic STRING COMMENT 'Kafka topic of the record; null for a replayed row',
  _topic_partition INT COMMENT 'partition of the record; null for a replayed row',
  _offset BIGINT COMMENT 'offset of the record; null for a replayed row'
) COMMENT 'the effect of a treatment against control on a metric at a boundary, for one purpose';

-- One row is one change of verdict, or one decision or note of a person.
-- Partitioned by the day of event_time.
CREATE TABLE IF NOT EXISTS decision_log (
  decision_id STRING NOT NULL COMMENT 'id of the entry',
  event_time TIMESTAMP_LTZ(6) NOT NULL COMMENT 'when it was decided: the boundary, or when a person did',
  rollout_id STRING NOT NULL COMMENT 'rollout',
  attempt INT NOT NULL COMMENT 'attempt it concerns; 0 if a person did not state it',
  epoch INT COMMENT 'index of the stage; null for a person''s entry',
  stage STRING NOT NULL COMMENT 'name of the stage; empty if a person did not state it',
  boundary TIMESTAMP_LTZ(6) COMMENT 'boundary of the signal; null for a person''s entry',
  revision INT COMMENT 'revision of the signal; null for a person''s entry',
  action STRING NOT NULL COMMENT 'verdict, approve, override or note',
  actor STRING NOT NULL COMMENT 'gate, or who decided',
  verdict STRING NOT NULL COMMENT 'verdict from then on; empty for a note',
  previous_verdict STRING NOT NULL COMMENT 'verdict until then; empty for the first',
  codes ARRAY<STRING> NOT NULL COMMENT 'reason codes of the verdict, or those approved',
  sentence STRING NOT NULL COMMENT 'rationale for a person',
  links ARRAY<STRING> NOT NULL COMMENT 'addresses of the discussion',
  action_items STRING COMMENT 'JSON list of {text, owner, due}',
  signal_id STRING NOT NULL COMMENT 'signal it concerns; empty for none',
  data_hash STRING NOT NULL COMMENT 'hash of what the data decided; empty for none',
  spec_hash STRING NOT NULL COMMENT 'hash of the frozen spec',
  baselines_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of baselines used; 0 for none',
  run_id STRING COMMENT 'replay that appended the row; null for a live row',
  record_time TIMESTAMP_LTZ(6) COMMENT 'timestamp of the Kafka record; null for a replayed row',
  _topic STRING COMMENT 'Kafka topic of the record; null for a replayed row',
  _topic_partition INT COMMENT 'partition of the record; null for a replayed row',
  _offset BIGINT COMMENT 'offset of the record; null for a replayed row'
) COMMENT 'one change of verdict, or one decision or note of a person';

-- One row is one event that came too late to change a result.
-- Partitioned by the day of event_time.
CREATE TABLE IF NOT EXISTS late_events (
  event_id STRING NOT NULL COMMENT 'hash of the event''s id, 16 hexadecimal digits',
  event_time TIMESTAMP_LTZ(6) NOT NULL COMMENT 'when it happened',
  unit_id STRING NOT NULL COMMENT 'hash of the unit''s pseudonym, 16 hexadecimal digits',
  stream_name STRING NOT NULL COMMENT 'exposures or outcomes',
  event_name STRING NOT NULL COMMENT 'flag key of an exposure, name of an outcome',
  frontier TIMESTAMP_LTZ(6) NOT NULL COMMENT 'event time already evaluated when it came',
  lateness_ms BIGINT NOT NULL COMMENT 'how far it trailed the frontier, milliseconds',
  run_id STRING COMMENT 'replay that appended the row; null for a live row',
  record_time TIMESTAMP_LTZ(6) COMMENT 'timestamp of the Kafka record; null for a replayed row',
  _topic STRING COMMENT 'Kafka topic of the record; null for a replayed row',
  _topic_partition INT COMMENT 'partition of the record; null for a replayed row',
  _offset BIGINT COMMENT 'offset of the record; null for a replayed row'
) COMMENT 'one event that came too late to change a result';

-- One row is one state of an incident: something abnormal, with its likeliest cause.
-- Partitioned by the day of event_time.
CREATE TABLE IF NOT EXISTS incidents (
  incident_id STRING NOT NULL COMMENT 'id of the incident; its states share it',
  event_time TIMESTAMP_LTZ(6) NOT NULL COMMENT 'event time of this state',
  opened_at TIMESTAMP_LTZ(6) NOT NULL COMMENT 'event time at which it began',
  closed_at TIMESTAMP_LTZ(6) COMMENT 'event time at which it ended; null while open',
  rollout_id STRING NOT NULL COMMENT 'rollout concerned; empty for none',
  kind STRING NOT NULL COMMENT 'what is abnormal, such as SHOCK or MISSING_DATA',
  severity STRING NOT NULL COMMENT 'info, warning or critical',
  sentence STRING NOT NULL COMMENT 'for a person, with figures',
  metrics ARRAY<STRING> NOT NULL COMMENT 'metrics that are abnormal together',
  common_cause MAP<STRING, STRING> NOT NULL COMMENT 'dimension to value that the abnormal series share',
  blames_rollout BOOLEAN NOT NULL COMMENT 'false where control is hit as well',
  owner STRING NOT NULL COMMENT 'who answers for it',
  respond_by TIMESTAMP_LTZ(6) COMMENT 'when somebody must have answered',
  payload STRING NOT NULL COMMENT 'JSON of the message',
  run_id STRING COMMENT 'replay that appended the row; null for a live row',
  record_time TIMESTAMP_LTZ(6) COMMENT 'timestamp of the Kafka record; null for a replayed row',
  _topic STRING COMMENT 'Kafka topic of the record; null for a replayed row',
  _topic_partition INT COMMENT 'partition of the record; null for a replayed row',
  _offset BIGINT COMMENT 'offset of the record; null for a replayed row'
) COMMENT 'one state of an incident: something abnormal, with its likeliest cause';

-- One row is how far the archive had read a partition at one of its checkpoints.
-- Partitioned by the day of read_at.
CREATE TABLE IF NOT EXISTS read_positions (
  _topic STRING NOT NULL COMMENT 'Kafka topic',
  _topic_partition INT NOT NULL COMMENT 'partition of the topic',
  next_offset BIGINT NOT NULL COMMENT 'offset before which every record was read',
  kept_offset BIGINT NOT NULL COMMENT 'largest one before it that has a row; -1 for none',
  read_at TIMESTAMP_LTZ(6) NOT NULL COMMENT 'when it was so, by the archive''s clock'
) COMMENT 'how far the archive had read a partition at one of its checkpoints';

-- One row is what history says a metric should be in an hour of the week, with an interval.
-- Partitioned by the day of valid_from.
CREATE TABLE IF NOT EXISTS baselines (
  run_id STRING NOT NULL COMMENT 'run that made the row',
  valid_from TIMESTAMP_LTZ(6) NOT NULL COMMENT 'end of the history used: good from here on',
  history_start TIMESTAMP_LTZ(6) NOT NULL COMMENT 'start of the history used',
  metric_key STRING NOT NULL COMMENT 'hash of definition and entry; outcome:NAME for a volume',
  metric STRING NOT NULL COMMENT 'metric''s name; the outcome''s for a volume',
  dimension STRING NOT NULL COMMENT 'segment''s dimension; all for the whole',
  segment STRING NOT NULL COMMENT 'segment''s value; * for the whole',
  hour_of_week INT NOT NULL COMMENT '0 for Monday 00:00 in details.time_zone to 167; −1: the week',
  expected DOUBLE COMMENT 'expected value; null: cannot be said',
  expected_lower DOUBLE COMMENT 'lower end of the 95 % predictive interval',
  expected_upper DOUBLE COMMENT 'upper end of it',
  unit_mean DOUBLE COMMENT 'mean per unit over the metric''s window',
  unit_variance DOUBLE COMMENT 'variance between units of it',
  unit_rate DOUBLE COMMENT 'share of units with a non-zero number',
  units_per_hour DOUBLE COMMENT 'new units an hour',
  observations BIGINT NOT NULL COMMENT 'hours behind the row',
  provisional BOOLEAN NOT NULL COMMENT 'history too short: wide, raises no alarm',
  estimator STRING NOT NULL COMMENT 'model that made it',
  details STRING NOT NULL COMMENT 'JSON of the model''s parameters; {} for none',
  history_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of metric_hourly read',
  revision INT NOT NULL COMMENT 'number of the run; of a metric''s runs the highest holds',
  exposures_snapshot_id BIGINT COMMENT 'snapshot of exposures read; 0 for none',
  outcomes_snapshot_id BIGINT COMMENT 'snapshot of outcomes read; 0 for none'
) COMMENT 'what history says a metric should be in an hour of the week, with an interval';

-- One row is a day of a series as a run of the baseline folded it, kept for later runs; internal, can hold figures of single units.
-- Partitioned by the day of day_start.
CREATE TABLE IF NOT EXISTS baseline_days (
  run_id STRING NOT NULL COMMENT 'run that made the row',
  revision INT NOT NULL COMMENT 'number of the run; of a day''s rows the highest holds',
  metric_key STRING NOT NULL COMMENT 'hash of definition and entry; outcome:NAME for a volume',
  day_start TIMESTAMP_LTZ(6) NOT NULL COMMENT 'start of the UTC day',
  folded_to TIMESTAMP_LTZ(6) NOT NULL COMMENT 'end of the history that the run read',
  known_from TIMESTAMP_LTZ(6) NOT NULL COMMENT 'start of the archive',
  recipe STRING NOT NULL COMMENT 'how units enter, are split and counted',
  treatments STRING NOT NULL COMMENT 'what made a unit treated, as known to the run',
  exposures_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of exposures read; 0 for none',
  outcomes_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of outcomes read; 0 for none',
  hourly_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of metric_hourly read; 0 for none',
  sums BYTES NOT NULL COMMENT 'integer sums by hour and by every value of a dimension, however few its units; versioned, they add up; not for analysts'
) COMMENT 'a day of a series as a run of the baseline folded it, kept for later runs; internal, can hold figures of single units';

-- One row is a unit's number of a metric over the days before a rollout.
-- Partitioned by the day of window_end.
CREATE TABLE IF NOT EXISTS unit_covariates (
  run_id STRING NOT NULL COMMENT 'run that made the row',
  unit_id STRING NOT NULL COMMENT 'pseudonym of the unit',
  metric_key STRING NOT NULL COMMENT 'hash of the metric''s definition',
  metric STRING NOT NULL COMMENT 'metric''s name',
  window_end TIMESTAMP_LTZ(6) NOT NULL COMMENT 'end of the window, exclusive',
  window_days INT NOT NULL COMMENT 'length of the window, days',
  total_micros BIGINT NOT NULL COMMENT 'numerator ×10⁶, capped as the metric is',
  denominator_micros BIGINT NOT NULL COMMENT 'denominator ×10⁶ of a ratio; 0 elsewhere',
  history_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of outcomes read'
) COMMENT 'a unit''s number of a metric over the days before a rollout';

-- One row is share of a stage cohort that came back at an age.
-- Partitioned by the day of data_end.
CREATE TABLE IF NOT EXISTS retention_curves (
  rollout_id STRING NOT NULL COMMENT 'rollout',
  attempt INT NOT NULL COMMENT 'attempt of the rollout',
  epoch INT NOT NULL COMMENT 'index of the stage in which the cohort entered',
  stage STRING NOT NULL COMMENT 'name of that stage',
  variant_id STRING NOT NULL COMMENT 'variant of the cohort',
  dimension STRING NOT NULL COMMENT 'segment''s dimension; all for the whole',
  segment STRING NOT NULL COMMENT 'segment''s value; * for the whole',
  metric STRING NOT NULL COMMENT 'metric''s name',
  cohort STRING COMMENT 'all, or upgraded: units that had control in an earlier stage of a ramped rollout; null of old rows: all',
  definition STRING NOT NULL COMMENT 'exact, bounded, unbounded, rolling, returning, first_return or not_lapsed',
  period_unit STRING NOT NULL COMMENT 'day (24 h) or week since first exposure',
  age INT NOT NULL COMMENT 'number of the period; 0 begins at the exposure',
  maturity STRING NOT NULL COMMENT 'mature, provisional or censored',
  censoring STRING NOT NULL COMMENT 'what ends the following of the cohort',
  censored_at TIMESTAMP_LTZ(6) NOT NULL COMMENT 'when it ends',
  units BIGINT NOT NULL COMMENT 'units of the cohort',
  eligible BIGINT NOT NULL COMMENT 'units whose period has fully passed, at risk or absent',
  retained BIGINT NOT NULL COMMENT 'eligible units that came back, or did not lapse',
  rate DOUBLE COMMENT 'retained over eligible, of first_return and not_lapsed by Kaplan-Meier; null: cannot be said',
  rate_lower DOUBLE COMMENT 'lower end of its 95 % interval',
  rate_upper DOUBLE COMMENT 'upper end of it',
  effect_size DOUBLE COMMENT 'rate less control''s; null for control',
  effect_size_lower DOUBLE COMMENT 'lower end of its 95 % interval',
  effect_size_upper DOUBLE COMMENT 'upper end of it',
  effect_size_lower_together DOUBLE COMMENT 'lower end where every age of the curve holds together at 95 % (max-t); null: no curve',
  effect_size_upper_together DOUBLE COMMENT 'upper end of it',
  cannot_say STRING NOT NULL COMMENT 'why a number is missing; empty if none is',
  run_id STRING NOT NULL COMMENT 'run that made the row; equal inputs have an equal id',
  revision INT NOT NULL COMMENT '1 for the first run; the newest revision is the one to read',
  data_end TIMESTAMP_LTZ(6) NOT NULL COMMENT 'everything before this instant was known: the last TICK',
  exposures_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of exposures read; 0 if empty',
  outcomes_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of outcomes read; 0 if empty',
  rollout_events_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of rollout_events read'
) COMMENT 'share of a stage cohort that came back at an age';

-- One row is cumulative value per unit of a stage cohort by age.
-- Partitioned by the day of data_end.
CREATE TABLE IF NOT EXISTS revenue_curves (
  rollout_id STRING NOT NULL COMMENT 'rollout',
  attempt INT NOT NULL COMMENT 'attempt of the rollout',
  epoch INT NOT NULL COMMENT 'index of the stage in which the cohort entered',
  stage STRING NOT NULL COMMENT 'name of that stage',
  variant_id STRING NOT NULL COMMENT 'variant of the cohort',
  dimension STRING NOT NULL COMMENT 'segment''s dimension; all for the whole',
  segment STRING NOT NULL COMMENT 'segment''s value; * for the whole',
  metric STRING NOT NULL COMMENT 'metric''s name',
  currency STRING NOT NULL COMMENT 'currency of the values; empty if none',
  age_days INT NOT NULL COMMENT 'value in the first age_days days since first exposure',
  maturity STRING NOT NULL COMMENT 'mature, provisional or censored',
  censoring STRING NOT NULL COMMENT 'what ends the following of the cohort',
  censored_at TIMESTAMP_LTZ(6) NOT NULL COMMENT 'when it ends',
  units BIGINT NOT NULL COMMENT 'units of the cohort',
  units_mature BIGINT NOT NULL COMMENT 'units old enough; figures are over these',
  total_value DOUBLE COMMENT 'capped value of them together',
  mean_value DOUBLE COMMENT 'capped value per unit',
  mean_value_lower DOUBLE COMMENT 'lower end of its 95 % interval',
  mean_value_upper DOUBLE COMMENT 'upper end of it',
  uncapped_total_value DOUBLE COMMENT 'value without the cap',
  uncapped_mean_value DOUBLE COMMENT 'value per unit without the cap',
  refund_total DOUBLE COMMENT 'sum of negative values, at most 0',
  effect_size DOUBLE COMMENT 'capped mean less control''s; null for control',
  effect_size_lower DOUBLE COMMENT 'lower end of its 95 % interval',
  effect_size_upper DOUBLE COMMENT 'upper end of it',
  effect_size_lower_together DOUBLE COMMENT 'lower end where every age of the curve holds together at 95 % (max-t); null: no curve',
  effect_size_upper_together DOUBLE COMMENT 'upper end of it',
  uncapped_effect_size DOUBLE COMMENT 'uncapped mean less control''s',
  uncapped_effect_size_lower DOUBLE COMMENT 'lower end of its 95 % interval',
  uncapped_effect_size_upper DOUBLE COMMENT 'upper end of it',
  cannot_say STRING NOT NULL COMMENT 'why a number is missing; empty if none is',
  run_id STRING NOT NULL COMMENT 'run that made the row; equal inputs have an equal id',
  revision INT NOT NULL COMMENT '1 for the first run; the newest revision is the one to read',
  data_end TIMESTAMP_LTZ(6) NOT NULL COMMENT 'everything before this instant was known: the last TICK',
  exposures_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of exposures read; 0 if empty',
  outcomes_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of outcomes read; 0 if empty',
  rollout_events_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of rollout_events read'
) COMMENT 'cumulative value per unit of a stage cohort by age';

-- One row is what a rollout did to a metric, by stage cohort and age or to date.
-- Partitioned by the day of data_end.
CREATE TABLE IF NOT EXISTS impact_reports (
  rollout_id STRING NOT NULL COMMENT 'rollout',
  attempt INT NOT NULL COMMENT 'attempt of the rollout',
  epoch INT NOT NULL COMMENT 'index of the stage; −1 for the rollout to date',
  stage STRING NOT NULL COMMENT 'stage; (all) for the rollout to date',
  control_variant_id STRING NOT NULL COMMENT 'variant compared against',
  treatment_variant_id STRING NOT NULL COMMENT 'variant judged',
  metric STRING NOT NULL COMMENT 'metric''s name',
  metric_role STRING NOT NULL COMMENT 'success, guardrail, long_term …',
  metric_kind STRING NOT NULL COMMENT 'proportion, sum, ratio …',
  dimension STRING NOT NULL COMMENT 'segment''s dimension; all for the whole',
  segment STRING NOT NULL COMMENT 'segment''s value; * for the whole',
  aspect STRING COMMENT 'observed, adjusted, early, late, change, calendar, after, holdout or projected; null of old rows: observed',
  age_days INT NOT NULL COMMENT 'over the first age_days days; 0: to date; projected: days ahead; after: days since the end; holdout: days since the launch; calendar: Monday of the week, in days since 1970-01-01',
  maturity STRING NOT NULL COMMENT 'mature, provisional or censored',
  censoring STRING NOT NULL COMMENT 'what ends the following of the cohort',
  censored_at TIMESTAMP_LTZ(6) NOT NULL COMMENT 'when it ends',
  estimator STRING NOT NULL COMMENT 'estimator behind the bounds',
  alpha DOUBLE NOT NULL COMMENT 'two-sided level of the bounds, at one look',
  control DOUBLE COMMENT 'metric in control; null: cannot be said',
  treatment DOUBLE COMMENT 'metric in the treatment',
  effect_size DOUBLE COMMENT 'treatment less control',
  effect_size_lower DOUBLE COMMENT 'its lower bound; null: unbounded',
  effect_size_upper DOUBLE COMMENT 'its upper bound; null: unbounded',
  rel_effect_size DOUBLE COMMENT 'treatment over control, less 1',
  rel_effect_size_lower DOUBLE COMMENT 'its lower bound; null: unbounded',
  rel_effect_size_upper DOUBLE COMMENT 'its upper bound; null: unbounded',
  effect_size_lower_together DOUBLE COMMENT 'lower end where every age of the curve holds together at 95 % (max-t); null: no curve',
  effect_size_upper_together DOUBLE COMMENT 'upper end of it',
  p_value DOUBLE COMMENT 'two-sided p-value at one look',
  units_control BIGINT NOT NULL COMMENT 'units in control',
  units_treatment BIGINT NOT NULL COMMENT 'units in the treatment',
  cannot_say STRING NOT NULL COMMENT 'why a number is missing; empty if none is',
  run_id STRING NOT NULL COMMENT 'run that made the row; equal inputs have an equal id',
  revision INT NOT NULL COMMENT '1 for the first run; the newest revision is the one to read',
  data_end TIMESTAMP_LTZ(6) NOT NULL COMMENT 'everything before this instant was known: the last TICK',
  exposures_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of exposures read; 0 if empty',
  outcomes_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of outcomes read; 0 if empty',
  rollout_events_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of rollout_events read'
) COMMENT 'what a rollout did to a metric, by stage cohort and age or to date';

-- One row is a metric in a stage beside another level of it, season and traffic mix taken out.
-- Partitioned by the day of data_end.
CREATE TABLE IF NOT EXISTS stage_comparisons (
  rollout_id STRING NOT NULL COMMENT 'rollout',
  attempt INT NOT NULL COMMENT 'attempt of the rollout',
  epoch INT NOT NULL COMMENT 'index of the stage in which the units entered',
  stage STRING NOT NULL COMMENT 'name of that stage',
  variant_id STRING NOT NULL COMMENT 'variant of the units',
  basis STRING NOT NULL COMMENT 'held against: first_stage, baseline or control',
  basis_stage STRING NOT NULL COMMENT 'stage of the other level; empty for a baseline',
  basis_variant_id STRING NOT NULL COMMENT 'variant of it; empty for a baseline',
  metric STRING NOT NULL COMMENT 'metric''s name',
  dimension STRING NOT NULL COMMENT 'segment''s dimension; all for the whole',
  segment STRING NOT NULL COMMENT 'segment''s value; * for all of the dimension''s',
  normalisation STRING NOT NULL COMMENT 'raw, season, mix or season_mix',
  follow_hours DOUBLE NOT NULL COMMENT 'age to which units were followed',
  alpha DOUBLE NOT NULL COMMENT 'two-sided level of the bounds, at one look',
  control DOUBLE COMMENT 'the other level, normalised; null: cannot be said',
  treatment DOUBLE COMMENT 'the level, normalised',
  rel_effect_size DOUBLE COMMENT 'treatment over control, less 1',
  rel_effect_size_lower DOUBLE COMMENT 'its lower bound',
  rel_effect_size_upper DOUBLE COMMENT 'its upper bound',
  mix_part DOUBLE COMMENT 'factor that only the mix made, less 1',
  mix_part_lower DOUBLE COMMENT 'its lower bound',
  mix_part_upper DOUBLE COMMENT 'its upper bound',
  reversal BOOLEAN NOT NULL COMMENT 'the mix turned the sign: Simpson''s paradox',
  reference_mix STRING NOT NULL COMMENT 'JSON of the mix standardised to; empty for none',
  baselines_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of baselines used; 0 for none',
  units_control BIGINT NOT NULL COMMENT 'units behind the other level',
  units_treatment BIGINT NOT NULL COMMENT 'units behind the level',
  cannot_say STRING NOT NULL COMMENT 'why a number is missing; empty if none is',
  run_id STRING NOT NULL COMMENT 'run that made the row; equal inputs have an equal id',
  revision INT NOT NULL COMMENT '1 for the first run; the newest revision is the one to read',
  data_end TIMESTAMP_LTZ(6) NOT NULL COMMENT 'everything before this instant was known: the last TICK',
  exposures_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of exposures read; 0 if empty',
  outcomes_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of outcomes read; 0 if empty',
  rollout_events_snapshot_id BIGINT NOT NULL COMMENT 'snapshot of rollout_events read'
) COMMENT 'a metric in a stage beside another level of it, season and traffic mix taken out';
