package io.pbft.lab.play;

import io.pbft.core.message.RequestMessage;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Principal;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Rule;
import java.util.List;

/** A client that follows no protocol: it sends what its rules say, under its own key. */
final class ScriptedClient {
  private final Stage stage;
  private final Principal self;
  private final Sealer sealer;
  private final Requests requests;

  ScriptedClient(Stage stage, int id, List<Rule> rules) {
    this.stage = stage;
    this.self = Principal.client(id);
    this.sealer = stage.hand().sealerOfClient(id);
    this.requests = new Requests(stage, self, sealer);
    for (Rule rule : rules) {
      Matcher matcher = new Matcher(rule, stage, stage.random("c" + id));
      stage.rules().add(matcher);
      Timed.start(stage, matcher, () -> act(rule.action()));
    }
  }

  private void act(Phrase action) {
    Stage.Self me = new Stage.Self(self, stage.chronicle().highestView(), null);
    for (RequestMessage message : requests.make(action)) {
      byte[] payload = sealer.payload(message);
      for (Principal to : stage.resolve(action.actors("to"), me)) {
        long now = stage.hand().nowMicros();
        stage.listener().onLie(now, self, to, null, message, action.toString());
        stage.hand().send(self, to, message, payload);
      }
    }
  }
}
