package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportTest {

  @Test
  void html_escapesWhatUsersWrote() {
    String html = Report.html(SampleRollout.rolledBack());
    assertThat(html.contains("<script>alert(1)")).isFalse();
    assertThat(html.contains("&lt;/script&gt;&lt;script&gt;alert(1)")).isTrue();
    Matcher closed = Pattern.compile("</script", Pattern.CASE_INSENSITIVE).matcher(html);
    assertThat(closed.results().count()).as("data, three libraries, two of our own").isEqualTo(6);
  }

  @Test
  void html_loadsNothing() {
    String html = Report.html(SampleRollout.rolledBack());
    String markup = html.replaceAll("(?s)<script>.*?</script>", "");
    assertThat(markup)
        .doesNotContainPattern("(src|href)=\"(?!#)")
        .contains("default-src &#39;none&#39;");
  }

  @Test
  void html_hidesSmallSegments() {
    assertThat(Report.html(SampleRollout.rolledBack()))
        .contains("plan=free")
        .doesNotContain("plan=team", "plan=pro");
  }

  @Test
  void html_ofARolloutWithoutData_hasNoChart() {
    assertThat(Report.html(SampleRollout.defined()))
        .contains("has not been judged yet")
        .doesNotContain("<figure");
  }

  @Test
  void markdown_hasTheSentenceAndTheTables() {
    assertThat(Report.markdown(SampleRollout.rolledBack()))
        .startsWith("# checkout-v2: Rolled back")
        .contains("revenue for device=mobile got worse", "| canary |");
  }

  @Test
  void json_hasTheSentenceAndTheTables() throws Exception {
    JsonNode json = new ObjectMapper().readTree(Report.json(SampleRollout.rolledBack()));
    assertThat(json.at("/headline/label").asText()).isEqualTo("Rolled back");
    assertThat(json.at("/sections/0/tables/0/rows").size()).isEqualTo(3);
  }
}
