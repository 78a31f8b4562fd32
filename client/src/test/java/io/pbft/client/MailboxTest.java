package io.pbft.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who runs what was posted. */
final class MailboxTest {
  private final ManualScheduler executor = new ManualScheduler();
  private final List<String> done = new ArrayList<>();
  private final Mailbox mailbox = new Mailbox(executor, () -> done.add("burst"));

  @Test
  void whatIsPostedRunsOnTheExecutor() {
    mailbox.post(() -> done.add("a"));
    mailbox.post(() -> done.add("b"));
    assertThat(done).isEmpty();
    executor.run();
    assertThat(done).containsExactly("a", "b", "burst");
  }

  @Test
  void whoeverAddsFirstMayRunAllOfItHere() {
    assertThat(mailbox.add(() -> done.add("a"))).isTrue();
    assertThat(mailbox.add(() -> done.add("b"))).as("somebody is about to run it").isFalse();
    mailbox.runHere();
    assertThat(done).containsExactly("a", "b", "burst");
    assertThat(mailbox.add(() -> done.add("c"))).as("nobody is any more").isTrue();
  }

  @Test
  void whatTasksPostRunsInTheSameGo() {
    assertThat(
            mailbox.add(
                () -> {
                  assertThat(mailbox.isOwner()).isTrue();
                  mailbox.post(() -> done.add("posted by a task"));
                }))
        .isTrue();
    mailbox.runHere();
    assertThat(done).contains("posted by a task");
    assertThat(mailbox.isOwner()).isFalse();
  }

  @Test
  void aThreadIsNotKeptForEverByTasksThatPostTasks() {
    assertThat(mailbox.add(this::postAgain)).isTrue();
    mailbox.runHere();
    int here = done.size();
    executor.run();
    assertThat(done.size()).as("the executor goes on").isGreaterThan(here);
  }

  private void postAgain() {
    done.add("again");
    if (done.size() < 1_000) {
      mailbox.post(this::postAgain);
    }
  }
}
