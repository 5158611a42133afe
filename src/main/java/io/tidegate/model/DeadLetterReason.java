package io.tidegate.model;

/** Why a record could not be used. */
public enum DeadLetterReason {
  /** The record has no value. */
  EMPTY,
  /** More bytes, entries or characters than allowed. */
  OVERSIZE,
  /** Not one JSON object in UTF-8. */
  MALFORMED_JSON,
  /** A field that every such event must have is absent or empty. */
  MISSING_FIELD,
  /** A field has another JSON type than it must have. */
  WRONG_TYPE,
  /** A field holds something outside its closed list of values. */
  UNKNOWN_VALUE,
  /** {@code event_time} is neither ISO-8601 with a zone nor epoch milliseconds. */
  BAD_TIME,
  /** {@code event_time} is too far from the Kafka record's own timestamp. */
  ABSURD_TIME,
  /** A value is NaN, infinite or no number. */
  NOT_A_NUMBER,
  /** A value beyond ±10¹². */
  OUT_OF_RANGE,
  /** The topic dropped it, and others after it, before the archive had read it. */
  DROPPED
}
