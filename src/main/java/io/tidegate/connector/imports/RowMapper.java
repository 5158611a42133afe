package io.tidegate.connector.imports;

import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import io.tidegate.spec.ImportMapping;
import io.tidegate.spec.ImportMapping.Clock;
import io.tidegate.spec.ImportMapping.OutcomeRule;
import io.tidegate.spec.ImportMapping.Text;
import io.tidegate.spec.ImportMapping.VariantRule;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns rows into events by a mapping bound to a file's columns. Not thread-safe. */
final class RowMapper {

  private static final Set<String> TRUE = Set.of("true", "t", "yes", "y");
  private static final Set<String> FALSE = Set.of("", "false", "f", "no", "n", "null", "na");
  private static final BigDecimal MICROS = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Outcome.MAX_VALUE_MICROS);
  private static final int MAX_DIGITS = 60;
  private static final int ID_BYTES = 12;

  private final ImportMapping mapping;
  private final String fileName;
  private final BoundText unit;
  private final @Nullable RowTimes exposedAt;
  private final @Nullable BoundText rank;
  private final BoundText variant;
  private final Map<String, BoundText> attributes;
  private final List<BoundOutcome> outcomes = new ArrayList<>();
  private final MessageDigest sha;

  private record BoundOutcome(
      OutcomeRule rule,
      @Nullable BoundText condition,
      @Nullable BoundText value,
      @Nullable RowTimes at,
      @Nullable BoundText id,
      Map<String, BoundText> attributes) {}

  /** Collects what the columns lack while binding. */
  private record Binder(String source, List<String> columns, List<Problem> problems) {

    BoundText bind(Text text) {
      return BoundText.bind(source, text, columns, problems);
    }

    @Nullable BoundText optional(@Nullable Text text) {
      return text == null ? null : bind(text);
    }

    Map<String, BoundText> all(Map<String, Text> texts) {
      Map<String, BoundText> bound = new HashMap<>();
      texts.forEach((name, text) -> bound.put(name, bind(text)));
      return bound;
    }
  }

  /** Binds a mapping; throws a UserError with every column that the file does not have. */
  RowMapper(ImportMapping mapping, List<String> columns, String fileName) {
    this.mapping = mapping;
    this.fileName = fileName;
    Binder binder = new Binder(mapping.source(), columns, new ArrayList<>());
    this.unit = binder.bind(mapping.unit());
    this.exposedAt =
        mapping.exposure().clock() instanceof Clock.Dated dated
            ? new RowTimes(dated, binder.bind(dated.at()))
            : null;
    this.rank =
        mapping.exposure().clock() instanceof Clock.Ranked ranked
            ? binder.optional(ranked.rank())
            : null;
    VariantRule rule = mapping.exposure().variant();
    this.variant =
        binder.bind(
            rule instanceof VariantRule.Hashed hashed
                ? hashed.of()
                : ((VariantRule.Named) rule).text());
    this.attributes = binder.all(mapping.exposure().attributes());
    for (OutcomeRule outcome : mapping.outcomes()) {
      Clock.Dated dated = outcome.clock();
      outcomes.add(
          new BoundOutcome(
              outcome,
              binder.optional(outcome.condition()),
              binder.optional(outcome.value()),
              dated == null ? null : new RowTimes(dated, binder.bind(dated.at())),
              binder.optional(outcome.id()),
              binder.all(outcome.attributes())));
    }
    if (!binder.problems().isEmpty()) {
      throw new UserError(binder.problems());
    }
    try {
      this.sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  String unit(Row row) throws BadRow {
    String id = unit.of(row);
    if (id.isEmpty()) {
      throw new BadRow(DeadLetterReason.MISSING_FIELD, unit.path(), "", "the unit's id");
    }
    return id;
  }

  /** What the row's unit is ranked by; empty where the rows' order ranks. */
  String rankKey(Row row) throws BadRow {
    return rank == null ? "" : rank.of(row);
  }

  /** Time in the file of the row's exposure; for a mapping with such a clock only. */
  long exposedAtMs(Row row) throws BadRow {
    if (exposedAt == null) {
      throw new IllegalStateException("the exposure's clock is made up");
    }
    return exposedAt.of(row);
  }

  Exposure exposure(Row row, String unitId, long timeMs) throws BadRow {
    String served = served(row);
    if (served.isEmpty()) {
      throw new BadRow(DeadLetterReason.MISSING_FIELD, variant.path(), "", "a variant");
    }
    String flag = mapping.exposure().flag();
    String id = id(row, "exposure", unitId, timeMs, "");
    return new Exposure(id, timeMs, unitId, flag, served, "", "split", texts(attributes, row));
  }

  /** The row's outcomes; {@code exposedMs} is when its unit was exposed. */
  List<Outcome> outcomes(Row row, String unitId, long exposedMs) throws BadRow {
    List<Outcome> events = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      BoundOutcome bound = outcomes.get(i);
      if (bound.condition() == null || isTrue(bound.condition(), row)) {
        events.add(outcome(bound, i, row, unitId, exposedMs));
      }
    }
    return events;
  }

  private Outcome outcome(BoundOutcome bound, int index, Row row, String unitId, long exposedMs)
      throws BadRow {
    String name = bound.rule().name();
    long base = bound.at() == null ? exposedMs : bound.at().of(row);
    long timeMs = RowTimes.checked(base + bound.rule().after().toMillis(), name, "");
    BoundText stater = bound.value();
    String value = stater == null ? "" : stater.of(row);
    boolean hasValue = !value.isEmpty();
    long micros = stater == null || !hasValue ? 0 : micros(stater, value);
    String stated = bound.id() == null ? "" : bound.id().of(row);
    String id = stated.isEmpty() ? id(row, index + "/" + name, unitId, timeMs, value) : stated;
    Map<String, String> texts = texts(bound.attributes(), row);
    return new Outcome(id, timeMs, unitId, name, micros, hasValue, texts);
  }

  private String served(Row row) throws BadRow {
    String text = variant.of(row);
    if (!(mapping.exposure().variant() instanceof VariantRule.Hashed hashed)) {
      return text;
    }
    double all = hashed.split().values().stream().mapToDouble(Double::doubleValue).sum();
    double left = fraction(hashed.salt() + "/" + text) * all;
    String last = "";
    for (Map.Entry<String, Double> weight : hashed.split().entrySet()) {
      last = weight.getKey();
      left -= weight.getValue();
      if (left < 0) {
        break;
      }
    }
    return last;
  }

  /** A number in [0, 1) from the first 53 bits of a text's SHA-256. */
  private double fraction(String text) {
    byte[] hash = sha.digest(text.getBytes(StandardCharsets.UTF_8));
    long bits = 0;
    for (int i = 0; i < 7; i++) {
      bits = bits << 8 | (hash[i] & 0xFF);
    }
    return (bits >>> 3) * 0x1.0p-53;
  }

  private String id(Row row, String what, String unitId, long timeMs, String value) {
    String content =
        String.join(
            "\0",
            fileName,
            Long.toString(row.number()),
            what,
            unitId,
            Long.toString(timeMs),
            value);
    byte[] hash = sha.digest(content.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, ID_BYTES);
  }

  private static Map<String, String> texts(Map<String, BoundText> bound, Row row) throws BadRow {
    Map<String, String> texts = new HashMap<>();
    for (Map.Entry<String, BoundText> entry : bound.entrySet()) {
      String text = entry.getValue().of(row);
      if (!text.isEmpty()) {
        texts.put(entry.getKey(), text);
      }
    }
    return texts;
  }

  private static boolean isTrue(BoundText condition, Row row) throws BadRow {
    String text = condition.of(row).toLowerCase(Locale.ROOT);
    if (TRUE.contains(text) || FALSE.contains(text)) {
      return TRUE.contains(text);
    }
    return number(condition, text).signum() != 0;
  }

  private static long micros(BoundText field, String text) throws BadRow {
    BigDecimal scaled = number(field, text).multiply(MICROS);
    if (scaled.abs().compareTo(LARGEST) > 0) {
      throw new BadRow(DeadLetterReason.OUT_OF_RANGE, field.path(), text, "a number within ±10¹²");
    }
    return scaled.setScale(0, java.math.RoundingMode.HALF_EVEN).longValueExact();
  }

  private static BigDecimal number(BoundText field, String text) throws BadRow {
    try {
      BigDecimal number = text.length() > MAX_DIGITS ? null : new BigDecimal(text);
      if (number != null && Math.abs((long) number.scale()) <= MAX_DIGITS) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, as a number that is too long is.
    }
    throw new BadRow(DeadLetterReason.NOT_A_NUMBER, field.path(), text, "a decimal number");
  }
}
