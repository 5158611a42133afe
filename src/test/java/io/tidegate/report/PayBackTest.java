package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.model.Censoring;
import io.tidegate.model.Maturity;
import io.tidegate.model.RevenuePoint;
import io.tidegate.report.PayBack.Line;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stage of ten days: 100 units enter on each, and bring 0.5 ± 0.2 a day of their lives. */
class PayBackTest {

  private static final long DAY = 86_400_000L;
  private static final int DAYS = 10;

  private static RevenuePoint point(int age, double perDay) {
    long mature = 100L * (DAYS + 1 - age);
    return new RevenuePoint(
        "r",
        1,
        0,
        "half",
        "on",
        "all",
        "*",
        "revenue",
        "EUR",
        age,
        Maturity.PROVISIONAL,
        Censoring.DATA_END,
        DAYS * DAY,
        100L * DAYS,
        mature,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        perDay * age,
        (perDay - 0.2) * age,
        (perDay + 0.2) * age,
        null,
        null,
        null,
        null,
        null,
        "");
  }

  private static PayBack payBack(double perDay) {
    List<RevenuePoint> points = new ArrayList<>();
    for (int age = 1; age <= DAYS; age++) {
      points.add(point(age, perDay));
    }
    return new PayBack(points, 0);
  }

  @Test
  void value_addsUpOverUnitsAtTheAgesTheyHave() {
    PayBack payBack = payBack(0.5);
    assertThat(payBack.days()).isEqualTo(10);
    assertThat(payBack.value(1, Line.BEST)).isCloseTo(100 * 0.5, within(1e-9));
    assertThat(payBack.value(3, Line.BEST)).isCloseTo(100 * 0.5 * (3 + 2 + 1), within(1e-9));
    assertThat(payBack.value(10, Line.BEST)).isCloseTo(100 * 0.5 * 55, within(1e-9));
    assertThat(payBack.value(10, Line.LOWER)).isCloseTo(100 * 0.3 * 55, within(1e-9));
  }

  /** 50 · d(d + 1)/2 reaches 200 d at d = 7. */
  @Test
  void breakEven_isTheDayFromWhichValueStaysAboveCost() {
    PayBack payBack = payBack(0.5);
    assertThat(payBack.breakEvenDay(200, Line.BEST)).hasValue(7);
    assertThat(payBack.breakEvenDay(200, Line.UPPER)).hasValue(5);
    assertThat(payBack.breakEvenDay(200, Line.LOWER)).isEmpty();
  }

  @Test
  void harm_neverPays() {
    assertThat(payBack(-0.5).breakEvenDay(1, Line.UPPER)).isEmpty();
    assertThat(payBack(-0.5).value(10, Line.BEST)).isNegative();
  }

  @Test
  void stages_addUp() {
    List<RevenuePoint> points = new ArrayList<>();
    points.add(point(1, 0.5));
    PayBack one = new PayBack(points, 0);
    assertThat(one.value(10, Line.BEST)).isCloseTo(1_000 * 0.5, within(1e-9));
    assertThat(new PayBack(List.of(), 0).days()).isZero();
  }
}
