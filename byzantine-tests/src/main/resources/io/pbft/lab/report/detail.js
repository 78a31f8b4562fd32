// The causal past of a message, and what it says.
var ORDER = { "REQUEST": 0, "PRE-PREPARE": 1, "PREPARE": 2, "COMMIT": 3, "REPLY": 4, "VIEW-CHANGE": 0, "NEW-VIEW": 1 };
var inbox = null;

/** Messages by receiver and what they are about, so that a past is found quickly. */
function about(i) { return kindOf(i) === "VIEW-CHANGE" || kindOf(i) === "NEW-VIEW" ? "view" + M.view[i] : "slot" + M.slot[i]; }
function inboxes() {
  if (inbox) return inbox;
  inbox = {};
  for (var i = 0; i < COUNT; i++) {
    var key = M.to[i] + about(i);
    if (arrivedAt[i] >= 0 && (M.slot[i] >= 0 || about(i)[0] === "v")) (inbox[key] = inbox[key] || []).push(i);
  }
  return inbox;
}

/** What the sender had heard, of the phases before, when it sent this; and what made it send. */
function parentsOf(i) {
  var parents = [], mine = ORDER[kindOf(i)];
  if (M.cause[i] > 0) parents.push(i - M.cause[i]);
  if (mine > 0 && (M.slot[i] >= 0 || kindOf(i) === "NEW-VIEW")) {
    (inboxes()[M.from[i] + about(i)] || []).forEach(function (j) {
      var before = ORDER[kindOf(j)] < mine && arrivedAt[j] <= sentAt[i] && D.refused[j] === undefined;
      if (before && (ORDER[kindOf(j)] === 0 || M.view[j] === M.view[i])) parents.push(j);
    });
  }
  return parents;
}

function pastOf(i) {
  var past = new Set([i]), queue = [i];
  while (queue.length && past.size < 2000) {
    parentsOf(queue.pop()).forEach(function (j) {
      if (!past.has(j)) { past.add(j); queue.push(j); }
    });
  }
  return past;
}

function light(past, keep) {
  var svg = document.getElementById("diagram");
  svg.querySelectorAll(".past, .chosen").forEach(function (e) { e.classList.remove("past", "chosen"); });
  svg.classList.toggle("lit", Boolean(past));
  if (!past) return;
  past.forEach(function (i) {
    (picture.elements[i] || []).forEach(function (e) { e.classList.add("past"); });
  });
  if (keep && S.chosen >= 0) (picture.elements[S.chosen] || []).forEach(function (e) { e.classList.add("chosen"); });
}

/** Name and value of each part of a message. */
function fieldsOf(i) {
  if (M.text[i] >= 0) return pairs(D.texts[M.text[i]]);
  return [["view", M.view[i]], ["sequence", M.slot[i]], ["digest", D.digests[M.digest[i]] || "–"], ["replica", nameOf(M.from[i]).slice(1)]].map(function (f) { return [f[0], String(f[1])]; });
}
/** A text is the number of its form, which names the fields, and their values. */
function pairs(text) {
  return D.forms[text[0]].map(function (name, k) { return [name, text[k + 1]]; });
}

function fate(i) {
  var row = D.refused[i] === undefined ? null : D.ledger[D.refused[i] - 1];
  if (row) return "refused at " + millis(arrivedAt[i], 2) + ": <code>" + row[1] + "</code>, " + escapeText(row[2]) + " <span class=\"refusal\">" + row[0] + "</span>";
  if (D.deferred[i]) return "put off at " + millis(arrivedAt[i], 2) + ": <code>" + D.deferred[i] + "</code>";
  if (fateOf(i)) return ["", "lost by the network", "taken away, or nobody was there", "withheld by the traitor", "on its way when the run ended"][fateOf(i)];
  return "arrived at " + millis(arrivedAt[i], 2) + ", after " + millis(M.took[i], 2) + (isLate(i) ? " (late)" : "");
}

function choose(i, focus) {
  var card = document.getElementById("detail");
  S.chosen = i;
  S.lit = null;
  light(i < 0 ? null : pastOf(i), true);
  card.hidden = i < 0;
  if (i < 0) return;
  var lie = lieOf(i), letter = letterOf(M.slot[i], M.digest[i]), out = [];
  out.push("<button type=\"button\" class=\"close quiet\" aria-label=\"Close\">✕</button><h3><span class=\"swatch k-" + toneOf(i) + "\"></span>" + kindOf(i) + (letter ? " <span class=\"letter d-" + digestTone(letter) + "\">" + letter + "</span>" : "") + (lie ? " <span class=\"liepill\">lie</span>" : "") + "</h3>");
  out.push("<p><b>" + nameOf(M.from[i]) + "</b> → <b>" + nameOf(M.to[i]) + "</b>, sent at " + millis(sentAt[i], 2) + (M.bytes[i] ? ", " + M.bytes[i] + " bytes" : "") + "<br>" + fate(i) + "</p>");
  if (lie) out.push("<p class=\"action\">the script: <code>" + escapeText(lie[0]) + "</code></p>");
  out.push(lie && lie[1] >= 0 && lie[1] !== M.text[i] && fateOf(i) !== WITHHELD ? difference(i, lie) : plain(i));
  if (lie && lie[1] === -2 && fateOf(i) !== WITHHELD) out.push("<p class=\"sub\">The content is what its core made; bytes, time or receiver differ.</p>");
  if (lie && lie[1] === -1) out.push("<p class=\"sub\">Its core would have said nothing here.</p>");
  out.push("<p class=\"sub\">Earlier messages that it rests on (lit): " + (pastOf(i).size - 1) + "</p>");
  if (M.slot[i] >= 0) out.push("<p><button type=\"button\" class=\"follow\" data-slot=\"" + M.slot[i] + "\">follow slot " + M.slot[i] + "</button></p>");
  card.innerHTML = out.join("");
  if (focus) card.focus();
}

function plain(i) {
  return "<table class=\"fields\">" + fieldsOf(i).map(function (f) { return "<tr><th>" + f[0] + "</th><td>" + escapeText(f[1]) + "</td></tr>"; }).join("") + "</table>";
}

/** Beside each other: what it says, and what its core would have said. */
function difference(i, lie) {
  var honest = {}, rows;
  pairs(D.texts[lie[1]]).forEach(function (f) { honest[f[0]] = f[1]; });
  rows = fieldsOf(i).map(function (f) {
    var was = honest[f[0]] === undefined ? "–" : honest[f[0]], differs = was !== f[1];
    return "<tr" + (differs ? " class=\"differs\"" : "") + "><th>" + f[0] + (differs ? " ≠" : "") + "</th><td>" + escapeText(f[1]) + "</td><td>" + (differs ? escapeText(was) : "same") + "</td></tr>";
  });
  return "<table class=\"fields\"><tr><th></th><th>it says</th><th>its core said" + (lie[2] === kindOf(i) ? "" : " (" + lie[2] + ")") + "</th></tr>" + rows.join("") + "</table>";
}
