package io.tidegate.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.MetricKind;
import io.tidegate.model.RolloutSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TemplatesTest {

  private static final Path TEMPLATES = Path.of("jobs/templates");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

  static List<Path> templates() throws IOException {
    return files(TEMPLATES, ".yaml");
  }

  static List<Path> shippedSpecs() throws IOException {
    List<Path> specs = new ArrayList<>();
    for (Path file : files(Path.of("jobs"), "rollout.yaml")) {
      if (Files.readString(file).contains("apiVersion: tidegate.io/")) {
        specs.add(file);
      }
    }
    assertThat(specs).hasSizeGreaterThanOrEqualTo(4);
    return specs;
  }

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(files(Path.of("docs/playbooks"), ".md"));
    pages.add(TEMPLATES.resolve("README.md"));
    return pages;
  }

  @ParameterizedTest
  @MethodSource("templates")
  void template_is_sound_and_names_its_playbook(Path template) throws IOException {
    RolloutSpec spec = RolloutSpecs.read(template);
    assertThat(template.getFileName()).hasToString(spec.id() + ".yaml");
    List<String> playbooks =
        Pattern.compile("docs/playbooks/[a-z-]+\\.md")
            .matcher(Files.readString(template))
            .results()
            .map(MatchResult::group)
            .toList();
    assertThat(playbooks).hasSize(1);
    assertThat(Path.of(playbooks.get(0))).content().contains(template.getFileName().toString());
  }

  @ParameterizedTest
  @MethodSource("shippedSpecs")
  void shipped_spec_is_sound(Path file) {
    assertThat(RolloutSpecs.read(file).stages()).isNotEmpty();
  }

  @Test
  void templates_show_every_metric_kind() throws IOException {
    Set<String> kinds = new TreeSet<>();
    for (Path template : templates()) {
      RolloutSpecs.read(template).metrics().forEach(m -> kinds.add(m.kind().kindName()));
    }
    assertThat(kinds).hasSize(MetricKind.class.getPermittedSubclasses().length);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void links_of_a_page_lead_somewhere(Path page) throws IOException {
    for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
      assertThat(page.resolveSibling(link.group(1))).exists();
    }
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(path -> path.toString().endsWith(suffix)).sorted().toList();
    }
  }
}
