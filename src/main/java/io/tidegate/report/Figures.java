package io.tidegate.report;

import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and times as people read them: English separators, UTC, a non-breaking unit. */
final class Figures {

  /** Stands for a figure that cannot be said. */
  static final String NONE = "–";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM uuuu HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private Figures() {}

  static String count(long n) {
    return String.format(Locale.ENGLISH, "%,d", n);
  }

  /** A fraction as a percentage: {@code 0.0123} → {@code 1.23 %}. */
  static String share(@Nullable Double fraction) {
    return fraction == null ? NONE : hundredths(fraction * 100) + "\u00a0%";
  }

  static String signedShare(@Nullable Double fraction) {
    return fraction == null ? NONE : signed(fraction, hundredths(fraction * 100)) + "\u00a0%";
  }

  /** A fraction as a percentage of two significant digits, for sentences. */
  static String roughShare(double fraction) {
    return rough(fraction * 100) + "\u00a0%";
  }

  /** Two significant digits, but no rounding of whole numbers. */
  static String rough(double x) {
    return plain(x, new BigDecimal(x).round(new MathContext(2)).scale());
  }

  /** About four significant digits, thousands separated. */
  static String number(double x) {
    double size = Math.abs(x);
    int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
    return plain(x, size < 0.1 ? new BigDecimal(x).round(new MathContext(3)).scale() : decimals);
  }

  /** Two decimals, or two significant digits where there is nothing before the second. */
  private static String hundredths(double x) {
    return plain(x, Math.abs(x) < 0.1 ? new BigDecimal(x).round(new MathContext(2)).scale() : 2);
  }

  private static String plain(double x, int decimals) {
    BigDecimal rounded = new BigDecimal(x).setScale(Math.max(decimals, 0), RoundingMode.HALF_UP);
    if (rounded.signum() == 0) {
      return "0";
    }
    String digits =
        String.format(Locale.ENGLISH, "%,." + Math.max(rounded.scale(), 0) + "f", rounded.abs());
    if (digits.contains(".")) {
      digits = digits.replaceFirst("\\.?0+$", "");
    }
    return rounded.signum() < 0 ? "−" + digits : digits;
  }

  static String signed(double x) {
    return signed(x, number(x));
  }

  private static String signed(double x, String digits) {
    return x > 0 ? "+" + digits : digits;
  }

  static String money(double x, @Nullable String currency) {
    return number(x) + (currency == null || currency.isEmpty() ? "" : "\u00a0" + currency);
  }

  /** A metric's own value: a percentage where a unit's number is 0 or 1. */
  static String level(Metric metric, @Nullable Double x) {
    if (x == null) {
      return NONE;
    }
    return isShare(metric) ? share(x) : money(x, currency(metric));
  }

  /** A difference of two values of a metric, signed. */
  static String difference(Metric metric, @Nullable Double x) {
    if (x == null) {
      return NONE;
    }
    if (isShare(metric)) {
      return points(x);
    }
    String currency = currency(metric);
    return signed(x) + (currency.isEmpty() ? "" : "\u00a0" + currency);
  }

  /** A difference of two shares in percentage points, signed. */
  static String points(@Nullable Double x) {
    return x == null ? NONE : signed(x, hundredths(x * 100)) + "\u00a0pp";
  }

  /** An interval of signed figures; an end that is missing is unbounded. */
  static String interval(@Nullable String lower, @Nullable String upper) {
    return "["
        + (lower == null || lower.equals(NONE) ? "−∞" : lower)
        + ", "
        + (upper == null || upper.equals(NONE) ? "∞" : upper)
        + "]";
  }

  /** A row's interval, or why there is none. */
  static String range(Metric metric, ImpactEstimate row) {
    return row.effectSizeLower() == null
        ? row.reason()
        : interval(
            difference(metric, row.effectSizeLower()), difference(metric, row.effectSizeUpper()));
  }

  static boolean isShare(Metric metric) {
    return metric.kind().isBinary() || metric.kind() instanceof MetricKind.Quantile;
  }

  /** The metric's currency; empty where it has none. */
  static String currency(Metric metric) {
    return metric.kind() instanceof MetricKind.Sum sum && sum.currency() != null
        ? sum.currency()
        : "";
  }

  /** The most that a unit's total counts with, {@code 200 EUR}; empty where that has no cap. */
  static String capped(Metric metric) {
    return metric.kind() instanceof MetricKind.Sum sum && sum.capMicros() != null
        ? money(sum.capMicros() / 1e6, sum.currency())
        : "";
  }

  static String pValue(@Nullable Double p) {
    if (p == null) {
      return NONE;
    }
    return p < 0.0001 ? "< 0.0001" : String.format(Locale.ENGLISH, "%.4f", p);
  }

  static String time(long epochMs) {
    return TIME.format(Instant.ofEpochMilli(epochMs));
  }

  /** For tables: {@code 2026-03-02 14:00}. */
  static String tableTime(long epochMs) {
    return ISO.format(Instant.ofEpochMilli(epochMs));
  }

  static String duration(long ms) {
    Duration d = Duration.ofMillis(ms);
    if (d.toDays() > 0) {
      return d.toDays() + " d" + (d.toHoursPart() > 0 ? " " + d.toHoursPart() + " h" : "");
    }
    if (d.toHours() > 0) {
      return d.toHours() + " h" + (d.toMinutesPart() > 0 ? " " + d.toMinutesPart() + " min" : "");
    }
    return d.toMinutes() + " min";
  }
}
