package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        "1234567.8|1,234,568",
        "2500315.63|2,500,316",
        "123.456|123.5",
        "12.3456|12.35",
        "-0.8201|−0.82",
        "0.769827|0.77",
        "0.0064449|0.00644",
        "100|100",
        "20|20",
        "-0.00001|−0.00001"
      })
  void number_keepsAboutFourDigits(double x, String text) {
    assertThat(Figures.number(x)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0.190201|19.02 %", "-0.0082|−0.82 %", "0.5|50 %", "0.00012|0.012 %", "1|100 %"})
  void share_isAPercentage(double x, String text) {
    assertThat(Figures.share(x)).isEqualTo(text.replace(' ', '\u00a0'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0.1192|12 %", "0.0596|6 %", "0.0999|10 %", "1.234|123 %", "0.00123|0.12 %"})
  void roughShare_hasTwoDigits(double x, String text) {
    assertThat(Figures.roughShare(x)).isEqualTo(text.replace(' ', '\u00a0'));
  }
}
