package io.pbft.compare.report;

import io.pbft.compare.cost.ByteCosts;
import io.pbft.compare.cost.CostTable;
import io.pbft.compare.cost.Protocol;
import io.pbft.compare.generals.Campaign;
import io.pbft.compare.generals.Formulas;
import io.pbft.compare.generals.OralBattle;
import io.pbft.compare.generals.OralScripts;
import io.pbft.compare.generals.Order;
import io.pbft.compare.report.Chart.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The page's charts: lines are formulas, dots are measurements. */
final class Charts {
  private static final String MESSAGES = "replica messages, ";

  private final Comparison comparison;

  Charts(Comparison comparison) {
    this.comparison = comparison;
  }

  private List<Point> dots(Protocol protocol, String quantity) {
    List<Point> points = new ArrayList<>();
    for (int f : comparison.faults()) {
      comparison.value(protocol, f, quantity).ifPresent(y -> points.add(new Point(f, y)));
    }
    return points;
  }

  private List<Point> dotsByReplicas(Protocol protocol, String quantity) {
    return comparison.all().stream()
        .filter(line -> line.protocol() == protocol)
        .filter(line -> line.quantity().startsWith(quantity))
        .filter(line -> line.n() >= 4)
        .map(line -> new Point(line.n(), (double) line.total() / line.requests()))
        .toList();
  }

  String byFaults() {
    return new Chart("messages against tolerated faults", "faults tolerated", "messages")
        .logY()
        .ticks(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
        .formula("PBFT 2n(n-1)", "pbft", f -> 2 * (3 * f + 1) * 3 * f)
        .formula("Basic Paxos 5(n-1)", "basic", f -> 10 * f)
        .formula("Multi-Paxos, ZAB 3(n-1)", "zab", f -> 6 * f)
        .formula("Raft 2(n-1)", "raft", f -> 4 * f)
        .dots("PBFT", "pbft", dots(Protocol.PBFT_MAC, MESSAGES))
        .dots("Basic Paxos", "basic", dots(Protocol.BASIC_PAXOS, MESSAGES + "executed"))
        .dots("ZAB", "zab", dots(Protocol.ZAB, MESSAGES + "executed"))
        .dots("Raft", "raft", dots(Protocol.RAFT, MESSAGES + "answered"))
        .svg();
  }

  String byReplicas() {
    return new Chart("messages against replicas", "replicas (n)", "messages")
        .logY()
        .ticks(4, 7, 10, 13, 16, 19, 22, 25, 28, 31)
        .formula("other texts 2n²-n-1", "other dashed", n -> 2 * n * n - n - 1)
        .formula("PBFT 2n(n-1)", "pbft", n -> 2 * n * (n - 1))
        .formula("Multi-Paxos, ZAB 3(n-1)", "zab", n -> 3 * (n - 1))
        .formula("Raft 2(n-1)", "raft", n -> 2 * (n - 1))
        .dots("PBFT", "pbft", dotsByReplicas(Protocol.PBFT_MAC, MESSAGES + "answered"))
        .dots("ZAB", "zab", dotsByReplicas(Protocol.ZAB, MESSAGES + "executed"))
        .dots("Raft", "raft", dotsByReplicas(Protocol.RAFT, MESSAGES + "answered"))
        .svg();
  }

  String busiest() {
    return new Chart("PBFT as a multiple of Raft", "faults tolerated", "times Raft's")
        .ticks(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
        .formula("all messages 4.5f+1.5", "pbft", f -> 4.5 * f + 1.5)
        .formula("busiest replica 3", "raft", f -> 3)
        .formula("machines (3f+1)/(2f+1)", "zab", f -> (3 * f + 1) / (2 * f + 1))
        .dots("all messages", "pbft", ratio(MESSAGES))
        .dots("busiest replica", "raft", ratio("busiest"))
        .svg();
  }

  private List<Point> ratio(String quantity) {
    List<Point> points = new ArrayList<>();
    for (int f : comparison.faults()) {
      double pbft = comparison.value(Protocol.PBFT_MAC, f, quantity).orElseThrow();
      double raft = comparison.value(Protocol.RAFT, f, quantity).orElseThrow();
      points.add(new Point(f, pbft / raft));
    }
    return points;
  }

  String bytes() {
    int f = comparison.faults().get(0);
    int n = Protocol.PBFT_MAC.replicas(f);
    int raft = 2 * f;
    double[] sizes = ByteCosts.SIZES.stream().mapToDouble(size -> size).toArray();
    double votes = (n - 1) * (2.0 * n - 1);
    return new Chart("bytes against the operation's size", "bytes of an operation", "bytes")
        .logX()
        .logY()
        .ticks(sizes)
        .formula("PBFT, signed", "signed", s -> (n - 1) * (188 + 20 * n + s) + votes * 138)
        .formula("PBFT, MACs", "pbft", s -> (n - 1) * (124 + 20 * n + s) + votes * 74)
        .formula("Multi-Paxos, ZAB (model)", "zab dashed", s -> raft * (69 + s + 74))
        .formula("Raft (model)", "raft dashed", s -> raft * (69 + s + 37))
        .dots("PBFT, signed", "signed", sizes(Protocol.PBFT_SIGNATURE, f))
        .dots("PBFT, MACs", "pbft", sizes(Protocol.PBFT_MAC, f))
        .svg();
  }

  private List<Point> sizes(Protocol protocol, int f) {
    return ByteCosts.SIZES.stream()
        .map(
            size ->
                new Point(
                    size,
                    comparison.value(protocol, f, "bytes, operation of " + size).orElseThrow()))
        .toList();
  }

  String batches() {
    Chart chart =
        new Chart("messages against the batch's size", "requests in a batch", "messages a request")
            .logX()
            .logY()
            .ticks(1, 2, 4, 8, 16, 32, 64);
    List<String> styles = List.of("pbft", "signed", "zab", "basic");
    int i = 0;
    for (int f : comparison.faults()) {
      double n = Protocol.PBFT_MAC.replicas(f);
      String style = styles.get(i++ % styles.size());
      List<Point> points =
          CostTable.BATCHES.stream()
              .map(b -> new Point(b, Headline.batched(comparison, f, b)))
              .toList();
      chart
          .formula("PBFT, n=" + (int) n, style, b -> 2 * n * (n - 1) / b)
          .dots("PBFT, n=" + (int) n, style, points);
    }
    return chart.formula("Raft, n=3, no batch", "raft dashed", b -> 4).svg();
  }

  String generals() {
    return new Chart("generals and PBFT", "traitors (m)", "messages")
        .logY()
        .ticks(1, 2, 3, 4, 5)
        .formula(
            "OM(m), n=3m+1",
            "other",
            m -> Formulas.oralMessages((int) (3 * m + 1), (int) m).doubleValue())
        .formula("PBFT, n=3m+1", "pbft", m -> 2 * (3 * m + 1) * 3 * m)
        .formula("SM(m), n=3m+1", "zab", m -> Formulas.signedMessages((int) (3 * m + 1), (int) m))
        .formula("SM(m), n=m+2", "raft", m -> Formulas.signedMessages((int) (m + 2), (int) m))
        .dots("OM(m)", "other", Stream.of(1, 2).map(Charts::oral).toList())
        .dots("PBFT", "pbft", dots(Protocol.PBFT_MAC, MESSAGES))
        .svg();
  }

  private static Point oral(int m) {
    Campaign campaign = Campaign.of(3 * m + 1, m, Order.ATTACK);
    return new Point(m, OralBattle.fight(campaign, OralScripts.silent()).messages());
  }
}
