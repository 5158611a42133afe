package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class InlineTest {

  @Test
  void script_cannotEndItsElement() {
    String script =
        Inline.script("let a = '</script><!-- </SCRIPT >';\n//# sourceMappingURL=x.map");
    assertThat(script).doesNotContainIgnoringCase("</script").doesNotContain("<!--", "sourceMap");
  }

  @Test
  void json_isTheSameJsonWithoutMarkup() throws Exception {
    String json = "{\"a\":\"</script>&<!--\u2028\"}";
    String safe = Inline.json(json);
    assertThat(safe).doesNotContain("<", ">", "&", "\u2028");
    ObjectMapper mapper = new ObjectMapper();
    assertThat(mapper.readTree(safe)).isEqualTo(mapper.readTree(json));
  }
}
