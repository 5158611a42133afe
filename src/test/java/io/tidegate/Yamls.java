package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** YAML 1.1 with anchors and merge keys, as Compose and Kubernetes read it. */
final class Yamls {

  private Yamls() {}

  static Map<String, Object> read(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      return map(new Yaml(new SafeConstructor(options)).load(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is found under keys, one inside the other. */
  static Object at(Object tree, String... path) {
    Object found = tree;
    for (String key : path) {
      assertThat(map(found)).as("%s", String.join(".", path)).containsKey(key);
      found = map(found).get(key);
    }
    return found;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object tree) {
    assertThat(tree).isInstanceOf(Map.class);
    return (Map<String, Object>) tree;
  }

  static List<String> strings(Object tree) {
    assertThat(tree).isInstanceOf(List.class);
    return ((List<?>) tree).stream().map(String::valueOf).toList();
  }
}
