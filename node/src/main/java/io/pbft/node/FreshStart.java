package io.pbft.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a cluster without a disk over again. Replicas that have lost their votes wait for others
 * that have not; when none is left, the state is lost, and all may begin as if for the first time.
 */
public final class FreshStart {
  private FreshStart() {}

  /** Whether any replica of the cluster has a journal in this directory. */
  public static boolean anyJournal(Path clusterDirectory, ClusterConfig config)
      throws ConfigException {
    ClusterLayout layout = new ClusterLayout(clusterDirectory);
    for (ReplicaInfo replica : config.replicas()) {
      if (DataDirectory.hasJournal(layout.replicaData(replica.id()))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Makes every replica of the cluster forget that it has lived. To be used only for a cluster
   * whose replicas are all in this directory, keep nothing on disk and are all stopped.
   *
   * @throws ConfigException if one of them is running, or its data directory can't be used; then
   *     none has forgotten
   */
  public static void forgetAll(Path clusterDirectory, ClusterConfig config)
      throws ConfigException, IOException {
    ClusterLayout layout = new ClusterLayout(clusterDirectory);
    List<DataDirectory> held = new ArrayList<>();
    try {
      for (ReplicaInfo replica : config.replicas()) {
        held.add(DataDirectory.open(layout.replicaData(replica.id()), replica.id()));
      }
      for (DataDirectory data : held) {
        data.forget();
      }
    } finally {
      for (DataDirectory data : held) {
        data.close();
      }
    }
  }
}
