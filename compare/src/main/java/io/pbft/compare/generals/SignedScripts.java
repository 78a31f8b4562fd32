package io.pbft.compare.generals;

import io.pbft.compare.generals.SignedOrder.Signature;
import io.pbft.compare.generals.SignedScript.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** The traitors' scripts for signed messages. */
public final class SignedScripts {
  /** Their names, with their arguments. */
  public static final List<String> NAMES =
      List.of(
          "silent",
          "flip",
          "split",
          "random:SEED",
          "withhold:I,J,...",
          "double",
          "late:ROUND",
          "collude",
          "forge",
          "table:PATH>TO=A|R|-,...");

  private SignedScripts() {}

  /** Sends nothing. */
  public static SignedScript silent() {
    return scene -> List.of();
  }

  /** Loyal, but for sending nothing to some. */
  public static SignedScript withhold(TreeSet<Integer> receivers) {
    return scene -> scene.honest().stream().filter(m -> !receivers.contains(m.to())).toList();
  }

  /**
   * Turns every order round. A commander signs the contrary; a lieutenant alters what others have
   * signed, which is detected.
   */
  public static SignedScript flip() {
    return scene ->
        scene.honest().stream()
            .map(m -> new SignedMessage(m.from(), m.to(), flipped(scene, m.signed())))
            .toList();
  }

  private static SignedOrder flipped(Scene scene, SignedOrder signed) {
    return scene.self() == 0
        ? scene.pen().sign(SignedOrder.unsigned(signed.order().other()), 0)
        : signed.altered();
  }

  /**
   * A commander signs attack for those with even numbers, retreat for the others; a lieutenant
   * relays to those with even numbers only.
   */
  public static SignedScript split() {
    return scene -> {
      List<SignedMessage> out = new ArrayList<>();
      for (SignedMessage honest : scene.honest()) {
        boolean even = honest.to() % 2 == 0;
        if (scene.self() == 0) {
          Order order = even ? Order.ATTACK : Order.RETREAT;
          out.add(commanded(scene, order, honest.to()));
        } else if (even) {
          out.add(honest);
        }
      }
      return out;
    };
  }

  private static SignedMessage commanded(Scene scene, Order order, int to) {
    return new SignedMessage(0, to, scene.pen().sign(SignedOrder.unsigned(order), 0));
  }

  /** A commander signs both orders and sends both to everybody; a lieutenant is loyal. */
  public static SignedScript doubleSign() {
    return scene -> {
      if (scene.self() != 0) {
        return scene.honest();
      }
      List<SignedMessage> out = new ArrayList<>();
      for (SignedMessage honest : scene.honest()) {
        for (Order order : Order.values()) {
          out.add(commanded(scene, order, honest.to()));
        }
      }
      return out;
    };
  }

  /** As the seed has it: sends what it has, or (a commander) signs, to some and not to others. */
  public static SignedScript random(long seed) {
    return scene -> {
      SplittableRandom random =
          new SplittableRandom(seed * 1_000_003 + scene.round() * 1009L + scene.self());
      List<SignedMessage> out = new ArrayList<>();
      for (SignedMessage honest : scene.honest()) {
        for (Order order : Order.values()) {
          boolean chosen = random.nextBoolean();
          if (chosen && scene.self() == 0) {
            out.add(commanded(scene, order, honest.to()));
          } else if (chosen && honest.signed().order() == order) {
            out.add(honest);
          }
        }
      }
      return out;
    };
  }

  /**
   * Keeps what it should send until a later round. Then it bears too few signatures and is refused:
   * the rule of "exactly r signatures" at work.
   */
  public static SignedScript late(int round) {
    TreeMap<Integer, List<SignedMessage>> kept = new TreeMap<>();
    return scene -> {
      List<SignedMessage> mine = kept.computeIfAbsent(scene.self(), s -> new ArrayList<>());
      mine.addAll(scene.honest());
      if (scene.round() < round) {
        return List.of();
      }
      List<SignedMessage> out = List.copyOf(mine);
      mine.clear();
      return out;
    };
  }

  /**
   * The traitors share their keys: an order that only they have signed goes to one loyal lieutenant
   * alone, in the last round in which they have signatures enough, and the contrary to all loyal
   * ones in the first. Needs a traitorous commander; without one, they are silent.
   */
  public static SignedScript collude() {
    return scene -> {
      Campaign campaign = scene.campaign();
      if (campaign.commanderIsLoyal()) {
        return List.of();
      }
      List<SignedMessage> out = new ArrayList<>();
      if (scene.self() == 0 && scene.round() == 1) {
        for (SignedMessage honest : scene.honest()) {
          out.add(commanded(scene, campaign.order(), honest.to()));
        }
      }
      int last = Math.min(campaign.traitors().size(), campaign.m() + 1);
      List<Integer> signers = List.copyOf(campaign.traitors()).subList(0, last);
      int victim = firstLoyalLieutenant(campaign);
      if (scene.round() == last && scene.self() == signers.get(last - 1) && victim > 0) {
        SignedOrder slipped = SignedOrder.unsigned(campaign.order().other());
        for (int signer : signers) {
          slipped = scene.pen().sign(slipped, signer);
        }
        out.add(new SignedMessage(scene.self(), victim, slipped));
      }
      return out;
    };
  }

  private static int firstLoyalLieutenant(Campaign campaign) {
    for (int i = 1; i < campaign.generals(); i++) {
      if (!campaign.isTraitor(i)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Lieutenants make up the loyal commander's signature under the contrary of what he has ordered;
   * it is not his, and is refused (A4).
   */
  public static SignedScript forge() {
    return scene -> {
      if (scene.self() == 0 || scene.round() != 2) {
        return scene.honest();
      }
      byte[] madeUp = new byte[64];
      SignedOrder invented =
          SignedOrder.unsigned(scene.campaign().order().other()).with(new Signature(0, madeUp));
      SignedOrder signed = scene.pen().sign(invented, scene.self());
      List<SignedMessage> out = new ArrayList<>();
      for (int to = 1; to < scene.campaign().generals(); to++) {
        if (to != scene.self()) {
          out.add(new SignedMessage(scene.self(), to, signed));
        }
      }
      return out;
    };
  }

  /**
   * What the table says and nothing else: {@code path} are the signers.
   *
   * <p>An entry is played if all its signers are traitors, or if its sender has got the order with
   * the signatures before its own.
   */
  public static SignedScript table(Table table) {
    return scene -> {
      List<SignedMessage> out = new ArrayList<>();
      for (Map.Entry<Table.Entry, Order> entry : table.entries().entrySet()) {
        Path path = entry.getKey().path();
        if (path.last() == scene.self() && path.length() == scene.round()) {
          SignedOrder signed = obtain(scene, path, entry.getValue());
          if (signed != null) {
            out.add(new SignedMessage(scene.self(), entry.getKey().to(), signed));
          }
        }
      }
      return out;
    };
  }

  private static SignedOrder obtain(Scene scene, Path path, Order order) {
    for (SignedOrder received : scene.received()) {
      boolean fits = path.length() > 1 && path.before().equals(received.path());
      if (fits && received.order() == order) {
        return scene.pen().sign(received, scene.self());
      }
    }
    if (!path.generals().stream().allMatch(scene.campaign()::isTraitor)) {
      return null;
    }
    SignedOrder signed = SignedOrder.unsigned(order);
    for (int signer : path.generals()) {
      signed = scene.pen().sign(signed, signer);
    }
    return signed;
  }

  /**
   * The script with that name and argument.
   *
   * @throws IllegalArgumentException if there is none, or not with that argument
   */
  public static SignedScript parse(String text, Campaign campaign) {
    ScriptText script = ScriptText.of(text);
    return switch (script.name()) {
      case "silent" -> script.plain(silent());
      case "flip" -> script.plain(flip());
      case "split" -> script.plain(split());
      case "random" -> random(script.number(0));
      case "withhold" -> withhold(script.generals(campaign));
      case "double" -> script.plain(doubleSign());
      case "late" -> late((int) script.number(2));
      case "collude" -> script.plain(collude());
      case "forge" -> script.plain(forge());
      case "table" -> table(script.table(campaign));
      default -> throw script.unknown("signed", NAMES);
    };
  }
}
