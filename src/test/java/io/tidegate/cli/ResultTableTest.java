package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class ResultTableTest {

  private final ResultTable table =
      new ResultTable("stage", "units").row("canary", 500).row("a \"b\", c", null);

  @Test
  void text_aligns_columns_and_marks_missing() {
    assertThat(table.render(OutputOption.Format.TEXT))
        .isEqualTo("stage     units\ncanary    500\na \"b\", c  -\n");
  }

  @Test
  void decimals_have_no_exponent() {
    ResultTable numbers =
        new ResultTable("a", "b", "c", "d")
            .row(0.0000123, 12_345_678.5, new BigDecimal("0E-18"), 1e-300);
    assertThat(numbers.render(OutputOption.Format.TEXT).lines().toList().get(1).split(" +"))
        .containsExactly("0.0000123", "12345678.5", "0.000000000000000000", "1.0E-300");
    assertThat(numbers.render(OutputOption.Format.CSV)).contains("0.000000000000000000");
  }

  @Test
  void csv_has_a_header_and_quotes() {
    assertThat(table.render(OutputOption.Format.CSV))
        .isEqualTo("stage,units\ncanary,500\n\"a \"\"b\"\", c\",\n");
  }

  @Test
  void json_is_an_array_of_objects() {
    assertThat(table.render(OutputOption.Format.JSON))
        .contains("\"stage\" : \"canary\"", "\"units\" : 500", "\"units\" : null");
  }

  @Test
  void row_of_another_width_is_refused() {
    assertThatThrownBy(() -> table.row("x")).hasMessage("1 cells for columns [stage, units]");
  }
}
