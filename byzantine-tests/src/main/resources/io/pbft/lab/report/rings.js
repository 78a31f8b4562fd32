// Quorum rings: a segment for each vote that counted, at the replica that counted it.
function ringsIn(list) {
  var rings = {};
  function vote(letter, who, view, slot, at, by, digest, need) {
    var key = letter + who + ":" + view + ":" + slot;
    var ring = rings[key] || (rings[key] = { letter: letter, who: who, view: view, slot: slot, need: need, votes: [] });
    ring.votes.push({ at: at, by: by, digest: digest });
  }
  list.forEach(function (i) {
    var kind = kindOf(i), to = M.to[i], from = M.from[i];
    var counts = arrivedAt[i] >= 0 && D.refused[i] === undefined;
    if (kind === "PREPARE" || kind === "COMMIT") {
      var letter = kind === "PREPARE" ? "P" : "C", need = kind === "PREPARE" ? 2 * D.f : 2 * D.f + 1;
      if (counts) vote(letter, to, M.view[i], M.slot[i], arrivedAt[i], from, M.digest[i], need);
      vote(letter, from, M.view[i], M.slot[i], sentAt[i], from, M.digest[i], need);
    } else if (kind === "VIEW-CHANGE") {
      if (counts) vote("V", to, M.view[i], -1, arrivedAt[i], from, -1, 2 * D.f + 1);
      vote("V", from, M.view[i], -1, sentAt[i], from, -1, 2 * D.f + 1);
    }
  });
  return Object.keys(rings).map(function (key) { return settle(rings[key]); }).filter(Boolean);
}

/** Counts each voter once, and only votes for what the replica had accepted. */
function settle(ring) {
  if (isTraitor[ring.who] || !isReplica(ring.who)) return null;
  var isChange = ring.letter === "V", key = ring.who + ":" + ring.view;
  var end = isChange ? done["V" + key] : done[ring.letter + key + ":" + ring.slot];
  var digest = isChange ? -1 : accepted[key + ":" + ring.slot];
  if (isChange && (ring.view % D.n !== ring.who - D.clients || !end)) return null;
  var seen = {}, votes = [];
  ring.votes.sort(function (a, b) { return a.at - b.at; });
  ring.votes.forEach(function (v) {
    var matches = isChange || digest === undefined || v.digest === digest;
    if (!seen[v.by] && matches && (!end || v.at <= end.at) && votes.length < ring.need) {
      seen[v.by] = true;
      votes.push(v);
    }
  });
  if (!votes.length) return null;
  var again = ring.letter === "C" && votes.length === ring.need && executedBy[ring.who + ":" + ring.slot] <= votes[votes.length - 1].at;
  ring.full = Boolean(end) || again;
  ring.at = end ? end.at : votes[votes.length - 1].at;
  ring.votes = votes;
  ring.tone = isChange ? "change" : digestTone(letterOf(ring.slot, digest === undefined ? votes[0].digest : digest));
  ring.digest = digest === undefined ? votes[0].digest : digest;
  if (!end && votes.length === 1 && votes[0].by === ring.who && ring.letter === "C") return null;
  return ring;
}

/** f+1 equal replies at a client. */
function answerRings(list) {
  return answers.filter(function (a) { return list.has(a.who + "@" + a.at); }).map(function (a) {
    return { letter: "ok", who: a.who, at: a.at, view: -1, slot: a.slot, need: D.f + 1, full: true, tone: "client", votes: [], note: a.note };
  });
}

function arc(x, y, r, from, to) {
  var a = from * 2 * Math.PI - Math.PI / 2, b = to * 2 * Math.PI - Math.PI / 2;
  return "M" + (x + r * Math.cos(a)).toFixed(1) + "," + (y + r * Math.sin(a)).toFixed(1) + "A" + r + "," + r + " 0 " +
    (to - from > 0.5 ? 1 : 0) + " 1 " + (x + r * Math.cos(b)).toFixed(1) + "," + (y + r * Math.sin(b)).toFixed(1);
}

function ringSvg(ring, x, y) {
  var out = ["<g class=\"ring ring-" + ring.letter + " d-" + ring.tone + (ring.full ? "" : " stuck") + "\" data-t=\"" + ring.votes.concat([{ at: ring.at }])[0].at + "\">"];
  out.push("<title>" + escapeText(ringTitle(ring)) + "</title><circle class=\"hole\" cx=\"" + x.toFixed(1) + "\" cy=\"" + y + "\" r=\"9\"/>");
  var gap = ring.need > 1 ? Math.min(0.06, 0.25 / ring.need) : 0;
  for (var k = 0; k < ring.need; k++) {
    var vote = ring.votes[k], filled = vote || ring.full;
    var path = arc(x, y, 8.5, k / ring.need + gap / 2, (k + 1) / ring.need - gap / 2 - 0.001);
    out.push("<path class=\"seg\" d=\"" + path + "\"/>");
    if (filled) out.push("<path class=\"seg on\" data-t=\"" + (vote ? vote.at : ring.at) + "\" d=\"" + path + "\"/>");
  }
  var label = ring.full ? (ring.letter === "V" ? "NV" : ring.letter) : ring.votes.length + "/" + ring.need;
  out.push("<text data-t=\"" + ring.at + "\" x=\"" + x.toFixed(1) + "\" y=\"" + (y + 3) + "\">" + label + "</text></g>");
  return out.join("");
}

function ringTitle(ring) {
  if (ring.letter === "ok") return nameOf(ring.who) + " accepts f+1 equal replies at " + millis(ring.at) + ": " + ring.note;
  var what = { P: "prepared", C: "committed", V: "enters view " + ring.view }[ring.letter];
  if (!ring.full && ring.letter === "P" && ring.votes.length === ring.need) what += " (no pre-prepare accepted)";
  var where = ring.letter === "V" ? "" : " slot " + ring.slot + " as " + letterOf(ring.slot, ring.digest) + " in view " + ring.view;
  return nameOf(ring.who) + (ring.full ? " " : " has not ") + what + where + " (" + ring.votes.length + " of " + ring.need + ": " +
    ring.votes.map(function (v) { return nameOf(v.by) + " " + millis(v.at); }).join(", ") + ")";
}
