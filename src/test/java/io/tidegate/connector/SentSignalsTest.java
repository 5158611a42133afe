package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.connector.SentSignals.Sent;
import io.tidegate.model.GateSignal;
import io.tidegate.report.SampleRollout;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentSignalsTest {

  private static final long DELIVERY_MS = 120_000;

  private final List<GateSignal> signals = SampleRollout.rolledBack().signals();
  private final GateSignal early = signals.get(0);
  private final GateSignal late = signals.get(1);

  @Test
  void contains_theSameContentOnly() {
    SentSignals sent =
        SentSignals.of(
            List.of(sent(early, 0), new Sent(late.signalId(), "of other content", 0)), 0);
    assertThat(sent.contains(early)).isTrue();
    assertThat(sent.contains(late)).isFalse();
  }

  /** A producer that was killed may have delivered a signal and not its evidence. */
  @Test
  void contains_noneOfTheLastThatWentWithoutTransaction() {
    List<Sent> sent = List.of(sent(early, 0), sent(late, DELIVERY_MS));
    assertThat(SentSignals.of(sent, DELIVERY_MS).contains(early)).isTrue();
    assertThat(SentSignals.of(sent, DELIVERY_MS).contains(late)).isFalse();
    assertThat(SentSignals.of(sent, 0).contains(late)).isTrue();
  }

  private static Sent sent(GateSignal signal, long recordMs) {
    return new Sent(signal.signalId(), signal.dataHash(), recordMs);
  }
}
