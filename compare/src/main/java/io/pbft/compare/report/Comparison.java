package io.pbft.compare.report;

import io.pbft.compare.cost.CostTable;
import io.pbft.compare.cost.Line;
import io.pbft.compare.cost.Protocol;
import io.pbft.compare.lie.Lies;
import io.pbft.compare.lie.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * All measurements.
 *
 * @param faults how many were tolerated, ascending
 * @param sameFaults every protocol with the fewest replicas that tolerate as many
 * @param sameSize the crash-tolerant ones with as many replicas as PBFT has
 */
public record Comparison(
    List<Integer> faults, List<Line> sameFaults, List<Line> sameSize, List<Told> lies) {
  public Comparison {
    faults = List.copyOf(faults);
    sameFaults = List.copyOf(sameFaults);
    sameSize = List.copyOf(sameSize);
    lies = List.copyOf(lies);
  }

  /**
   * Measures everything.
   *
   * @param faults from 1
   * @param progress is told what comes next
   */
  public static Comparison measure(SortedSet<Integer> faults, Consumer<String> progress) {
    List<Line> sameFaults = new ArrayList<>();
    List<Line> sameSize = new ArrayList<>();
    for (int f : faults) {
      for (Protocol protocol : Protocol.values()) {
        progress.accept(protocol.title() + ", f=" + f);
        int n = protocol.replicas(f);
        sameFaults.addAll(CostTable.of(protocol, n));
        sameFaults.addAll(CostTable.more(protocol, n));
        if (!protocol.isByzantine()) {
          sameSize.addAll(CostTable.of(protocol, Protocol.PBFT_MAC.replicas(f)));
        }
      }
    }
    progress.accept("what comes of a lie");
    return new Comparison(List.copyOf(faults), sameFaults, sameSize, Lies.all());
  }

  /** Every line. */
  public List<Line> all() {
    List<Line> all = new ArrayList<>(sameFaults);
    all.addAll(sameSize);
    return all;
  }

  /** Whether no line differs from its formula. */
  public boolean isAsTheFormulasSay() {
    return all().stream().allMatch(Line::equal);
  }

  /** What was measured for one request, if the protocol has a quantity that begins like that. */
  OptionalDouble value(Protocol protocol, int f, String quantity) {
    return sameFaults.stream()
        .filter(line -> line.protocol() == protocol && line.f() == f)
        .filter(line -> line.quantity().strip().startsWith(quantity))
        .mapToDouble(line -> (double) line.total() / line.requests())
        .findFirst();
  }
}
