package io.pbft.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Who runs what was posted. */
final class MailboxTest {
  private final ManualScheduler executor = new ManualScheduler();
  private final List<String> done = new ArrayList<>();
  private final Mailbox mailbox =
      new Mailbox(executor, () -> done.add("burst"), () -> done.add("end"));

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
                  assertThat(mailbox.mayNotWait()).isTrue();
                  mailbox.post(() -> done.add("posted by a task"));
                }))
        .isTrue();
    mailbox.runHere();
    assertThat(done).contains("posted by a task");
    assertThat(mailbox.mayNotWait()).isFalse();
  }

  @Test
  void whoRunsAnotherMailboxOfTheSameExecutorMustNotWaitForThisOne() {
    Mailbox another = new Mailbox(executor, () -> {}, () -> {});
    Mailbox elsewhere = new Mailbox(Runnable::run, () -> {}, () -> {});
    another.post(
        () -> {
          assertThat(mailbox.mayNotWait()).as("it may need this thread").isTrue();
          elsewhere.post(() -> assertThat(mailbox.mayNotWait()).isFalse());
          assertThat(mailbox.mayNotWait()).as("as before").isTrue();
          assertThat(elsewhere.mayNotWait()).isFalse();
          done.add("looked");
        });
    executor.run();
    assertThat(done).containsExactly("looked");
    assertThat(mailbox.mayNotWait()).isFalse();
  }

  @Test
  void aThreadIsNotKeptForEverByTasksThatPostTasks() {
    assertThat(mailbox.add(this::postAgain)).isTrue();
    mailbox.runHere();
    int here = done.size();
    executor.run();
    assertThat(done.size()).as("the executor goes on").isGreaterThan(here);
  }

  @Test
  void whoPostsRunsWhatAnExecutorRefusesThatWasShutDown() {
    Executor refusing =
        task -> {
          throw new RejectedExecutionException();
        };
    Mailbox orphan = new Mailbox(refusing, () -> {}, () -> done.add("end"));
    orphan.post(() -> orphan.post(() -> done.add("posted by a task")));
    assertThat(done).containsExactly("end", "posted by a task");
  }

  private void postAgain() {
    done.add("again");
    if (done.size() < 1_000) {
      mailbox.post(this::postAgain);
    }
  }
}
