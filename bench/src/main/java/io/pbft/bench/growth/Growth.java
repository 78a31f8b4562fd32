package io.pbft.bench.growth;

import io.pbft.bench.Machine;
import io.pbft.bench.process.LoadOptions;
import io.pbft.compare.report.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench/run growth}. */
@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    description = {
      "How throughput, latency and memory grow with replicas (processes; and in the simulator up to"
          + " 100), payload, clients, state and heap.",
      "Writes growth.csv, growth.json, growth.html and a chart each as an SVG file. What growth.csv"
          + " has of other parts stays, so that parts can be measured one at a time; a point that"
          + " fails says so and the next is measured."
    })
public final class Growth implements Callable<Integer> {
  @Mixin private final LoadOptions common = new LoadOptions(20, 4, 7860);

  @Option(names = "--out", required = true, description = "The directory to write to.")
  private Path out;

  @Option(
      names = "--parts",
      split = ",",
      defaultValue = "replicas,simulator,payload,clients,state,heap",
      description = "What to measure, or none to draw what there is (default: ${DEFAULT-VALUE}).")
  private List<String> parts;

  @Option(
      names = "--settle",
      defaultValue = "2",
      description = "Seconds before each further point (default: ${DEFAULT-VALUE}).")
  private double settle;

  @Option(
      names = "--replicas",
      split = ",",
      paramLabel = "N",
      defaultValue = "4,7,10,13",
      description = "The clusters of the part 'replicas' (default: ${DEFAULT-VALUE}).")
  private List<Integer> replicas;

  @Option(
      names = "--heaps",
      split = ",",
      paramLabel = "MB",
      defaultValue = "512,256,192,128,96,64,48",
      description = "The heaps of the part 'heap' (default: ${DEFAULT-VALUE}).")
  private List<Integer> heaps;

  @Option(
      names = "--states",
      split = ",",
      paramLabel = "MB",
      defaultValue = "1,10,100,300",
      description = "The states of the part 'state' (default: ${DEFAULT-VALUE}).")
  private List<Integer> states;

  private final List<Point> points = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Files.createDirectories(out);
    Path csv = out.resolve("growth.csv");
    if (Files.exists(csv)) {
      Files.readAllLines(csv).stream().skip(1).map(Point::parse).forEach(points::add);
    }
    System.out.println(Point.HEADER);
    Measure measure =
        new Measure(
            new Measure.Settings(
                common.warmup(), settle, common.seconds(), common.port(), replicas, heaps, states),
            this::onPoint);
    for (Measure.Part part : Measure.Part.values()) {
      if (parts.contains(part.name().toLowerCase(Locale.ROOT))) {
        measure.run(part);
      }
    }
    write();
    boolean all = points.stream().allMatch(Point::isMeasured);
    System.out.println((all ? "" : "some points failed; ") + "written to " + out);
    return 0;
  }

  /** Kept at once: what comes after it may take the machine down. */
  private void onPoint(Point point) {
    points.removeIf(each -> each.part().equals(point.part()) && each.x() == point.x());
    points.add(point);
    points.sort(Comparator.comparing(Point::part).thenComparingDouble(Point::x));
    System.out.println(point.csv());
    try {
      writeCsv();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeCsv() throws IOException {
    List<String> lines = new ArrayList<>(List.of(Point.HEADER));
    points.forEach(each -> lines.add(each.csv()));
    Files.write(out.resolve("growth.csv"), lines);
  }

  private void write() throws IOException {
    writeCsv();
    Files.writeString(
        out.resolve("growth.json"),
        points.stream().map(Point::json).collect(Collectors.joining(",\n", "[\n", "\n]\n")));
    Drawing drawing = new Drawing(points);
    Files.writeString(out.resolve("growth.html"), drawing.page(Machine.settings()));
    for (Map.Entry<String, Drawing.Figure> each : drawing.figures().entrySet()) {
      Files.writeString(
          out.resolve(each.getKey() + ".svg"), Page.standalone(each.getValue().svg()));
    }
  }
}
