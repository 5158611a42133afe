package io.tidegate.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tidegate.stats.sequence.LogScale;
import io.tidegate.stats.sequence.NormalTail;
import io.tidegate.stats.sums.DoubleDouble;
import io.tidegate.stats.tail.Roots;
import io.tidegate.stats.tail.Tails;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.junit.jupiter.api.Test;

/**
 * Every public static function of the statistics on every kind of value that has no place in it:
 * counts of 0, 1, below 0 and of 2⁶³ − 1, NaN, infinities, zero variances, 1e±300. Each refuses
 * them, cannot say, or answers with numbers; and each comes to an end.
 */
class HostileValuesTest {

  private static final double[] DOUBLES = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    0.05,
    2,
    100,
    1e12,
    1e-300,
    1e300,
    -1e300,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };
  private static final long[] LONGS = {
    0, 1, 2, -1, 5, 100, 1_000_000, Long.MAX_VALUE, Long.MIN_VALUE
  };

  /** Calls of each function. */
  private static final int CALLS = 80;

  /** Arithmetic and functions of one number, which answer NaN with NaN. */
  private static final Set<Class<?>> PLAIN =
      Set.of(DoubleDouble.class, LogScale.class, NormalTail.class, Tails.class, Roots.class);

  private final Random random = new Random(11);
  private final Map<String, String> leaks = new TreeMap<>();
  private volatile String underWay = "";
  private int answered;

  @Test
  void functions_leakNoNaN_andEnd() throws Exception {
    List<Method> functions = functions();
    assertThat(functions).hasSizeGreaterThan(80);
    for (Method f : functions) {
      assertTimeoutPreemptively(
          Duration.ofMinutes(1), () -> call(f), () -> underWay + " does not end");
    }
    assertThat(leaks.values()).isEmpty();
    assertThat(answered).isGreaterThan(1000);
  }

  private void call(Method f) throws Exception {
    String call = f.getDeclaringClass().getSimpleName() + "." + f.getName();
    for (int i = 0; i < CALLS; i++) {
      Object[] arguments = arguments(f, 0);
      if (arguments == null) {
        continue;
      }
      underWay = call + Arrays.deepToString(arguments);
      try {
        Object result = invoke(f, arguments);
        answered++;
        if (hasNaN(result)) {
          leaks.putIfAbsent(call, underWay + " = " + result);
        }
      } catch (IllegalArgumentException | ArithmeticException | MathIllegalStateException e) {
        assertThat(e.getMessage()).as(underWay).isNotBlank();
      }
    }
  }

  private static Object invoke(Method f, Object[] arguments) throws Exception {
    try {
      return f.invoke(null, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static List<Method> functions() throws IOException, URISyntaxException {
    Path classes =
        Path.of(Stated.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Method> functions = new ArrayList<>();
    try (Stream<Path> files = Files.walk(classes.resolve("io/tidegate/stats"))) {
      for (Path file : files.filter(p -> p.toString().endsWith(".class")).sorted().toList()) {
        String name = classes.relativize(file).toString().replace('/', '.');
        Class<?> type = load(name.substring(0, name.length() - ".class".length()));
        if (Modifier.isPublic(type.getModifiers()) && !PLAIN.contains(type)) {
          Arrays.stream(type.getDeclaredMethods())
              .filter(m -> Modifier.isStatic(m.getModifiers()) && !m.isSynthetic())
              .filter(m -> Modifier.isPublic(m.getModifiers()) && m.getParameterCount() > 0)
              .filter(m -> !m.getName().equals("valueOf"))
              .sorted(Comparator.comparing(Method::toString))
              .forEach(functions::add);
        }
      }
    }
    return functions;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Arguments of hostile values; null where none can be made. */
  private Object[] arguments(Executable f, int depth) {
    Type[] types = f.getGenericParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = value(types[i], depth);
      if (arguments[i] == null) {
        return null;
      }
    }
    return arguments;
  }

  private Object value(Type type, int depth) {
    if (type == double.class || type == Double.class) {
      return DOUBLES[random.nextInt(DOUBLES.length)];
    }
    if (type == long.class || type == Long.class) {
      return LONGS[random.nextInt(LONGS.length)];
    }
    if (type == int.class || type == Integer.class) {
      return random.nextInt(-2, 8);
    }
    if (type == boolean.class) {
      return random.nextBoolean();
    }
    if (type == double[].class) {
      return random
          .ints(random.nextInt(4), 0, DOUBLES.length)
          .mapToDouble(i -> DOUBLES[i])
          .toArray();
    }
    if (type instanceof ParameterizedType p && p.getRawType() == List.class) {
      List<Object> list = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        Object element = value(p.getActualTypeArguments()[0], depth + 1);
        if (element != null) {
          list.add(element);
        }
      }
      return list;
    }
    return type instanceof Class<?> c && depth < 4 ? made(c, depth) : null;
  }

  /** An object by a public constructor or factory, if one takes any of the hostile values. */
  private Object made(Class<?> type, int depth) {
    if (type.isEnum()) {
      return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
    }
    if (type.isSealed()) {
      Class<?>[] kinds = type.getPermittedSubclasses();
      return made(kinds[random.nextInt(kinds.length)], depth + 1);
    }
    List<Executable> makers = new ArrayList<>(List.of(type.getConstructors()));
    for (Method m : type.getDeclaredMethods()) {
      if (Modifier.isStatic(m.getModifiers())
          && Modifier.isPublic(m.getModifiers())
          && m.getReturnType() == type) {
        makers.add(m);
      }
    }
    makers.sort(Comparator.comparing(Executable::toString));
    for (int attempt = 0; attempt < 30 && !makers.isEmpty(); attempt++) {
      Executable maker = makers.get(random.nextInt(makers.size()));
      Object[] arguments = arguments(maker, depth + 1);
      Object made = arguments == null ? null : make(maker, arguments);
      if (made != null) {
        return made;
      }
    }
    return null;
  }

  /** What the maker makes; null where it refuses. */
  private static Object make(Executable maker, Object[] arguments) {
    try {
      return maker instanceof Method m
          ? m.invoke(null, arguments)
          : ((Constructor<?>) maker).newInstance(arguments);
    } catch (InvocationTargetException e) {
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean hasNaN(Object value) throws ReflectiveOperationException {
    if (value instanceof Double d) {
      return Double.isNaN(d);
    }
    if (value instanceof double[] many) {
      return Arrays.stream(many).anyMatch(Double::isNaN);
    }
    if (value instanceof Collection<?> many) {
      for (Object each : many) {
        if (hasNaN(each)) {
          return true;
        }
      }
      return false;
    }
    if (value != null && value.getClass().isRecord()) {
      for (RecordComponent c : value.getClass().getRecordComponents()) {
        Method accessor = c.getAccessor();
        accessor.setAccessible(true);
        if (hasNaN(accessor.invoke(value))) {
          return true;
        }
      }
    }
    return false;
  }
}
