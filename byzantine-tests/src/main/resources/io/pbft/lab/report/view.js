// What is in view: a window of time, filters; and its drawing.
var MANY = 900, TOO_MANY = 9000;
var S = { from: D.window[0], to: D.window[1], slot: -1, view: -1, kind: "quiet", who: -1, cursor: Infinity, chosen: -1, lit: null };
var picture = null, shown = null;
var CHATTER = ["STATUS", "STATUS-QUERY", "STATUS-REPORT"];

function passes(i) {
  var kind = kindOf(i);
  if (S.kind === "quiet" ? CHATTER.indexOf(kind) >= 0 : S.kind !== "all" && kind !== S.kind) return false;
  if (S.view >= 0 && M.view[i] !== S.view) return false;
  if (S.who >= 0 && M.from[i] !== S.who && M.to[i] !== S.who) return false;
  var ofChange = kind === "VIEW-CHANGE" || kind === "NEW-VIEW";
  return S.slot < 0 || M.slot[i] === S.slot || ofChange;
}

/** Numbers of messages that are on their way in the window and pass the filters. */
function messagesIn(from, to) {
  var list = [], end = firstSentFrom(to + 1);
  for (var i = firstSentFrom(from - 4 * late); i < end; i++) {
    if ((arrivedAt[i] >= 0 ? arrivedAt[i] : sentAt[i] + late / 4) >= from && passes(i)) list.push(i);
  }
  return list;
}

function lookAt(from, to) {
  var list = messagesIn(from, to), times = [], answered = new Set();
  list.forEach(function (i) {
    times.push(sentAt[i]);
    if (arrivedAt[i] >= 0) times.push(arrivedAt[i]);
    if (kindOf(i) === "REPLY" && arrivedAt[i] >= 0) answered.add(M.to[i] + "@" + arrivedAt[i]);
  });
  bands.forEach(function (lane) { lane.forEach(function (b) { if (b.from > 0) times.push(b.from); }); });
  var lowest = times.filter(function (t) { return t >= from; }).reduce(function (a, b) { return Math.min(a, b); }, to);
  var highest = times.filter(function (t) { return t <= to; }).reduce(function (a, b) { return Math.max(a, b); }, from);
  var pad = Math.max(200, Math.min((highest - lowest) * 0.02, late / 3));
  var view = { list: list, times: times, from: Math.max(0, lowest - pad), to: Math.min(D.end, highest + pad) };
  if (view.to - view.from < 400) { view.from = from; view.to = to; }
  view.hasSlot = function (mark) { return (S.slot < 0 || mark.slot === S.slot) && (S.who < 0 || mark.who === S.who) && S.view <= 0; };
  view.rings = list.length > TOO_MANY ? [] : ringsIn(list).concat(answerRings(answered));
  // Where much is drawn, who has only begun to collect votes is left out.
  if (list.length > 150) view.rings = view.rings.filter(function (r) { return r.full || 2 * r.votes.length >= r.need; });
  return view;
}

function isPlain(i) { return !lieOf(i) && D.refused[i] === undefined && fateOf(i) === 0; }

function drawMessages(p, list) {
  if (list.length <= MANY) { list.forEach(function (i) { drawArrow(p, i); }); return "arrows"; }
  var fans = {}, special = [];
  list.forEach(function (i) {
    if (!isPlain(i)) { special.push(i); return; }
    var key = M.from[i] + ":" + sentAt[i] + ":" + M.kind[i] + ":" + M.slot[i];
    (fans[key] = fans[key] || []).push(i);
  });
  if (list.length <= TOO_MANY) Object.keys(fans).forEach(function (key) { drawFan(p, fans[key]); });
  else drawDensity(p, list);
  special.slice(0, MANY).forEach(function (i) { drawArrow(p, i); });
  return list.length <= TOO_MANY ? "fans" : "density";
}

/** How many messages each participant sends, where there are too many even for fans. */
function drawDensity(p, list) {
  var cells = {}, most = 1;
  list.forEach(function (i) {
    var key = M.from[i] + ":" + Math.floor(p.x(sentAt[i]) / 4);
    cells[key] = (cells[key] || 0) + 1;
    most = Math.max(most, cells[key]);
  });
  Object.keys(cells).forEach(function (key) {
    var at = key.split(":"), high = Math.max(1.5, 26 * Math.sqrt(cells[key] / most));
    p.add("<rect class=\"density\" x=\"" + at[1] * 4 + "\" y=\"" + (p.y(+at[0]) - high / 2).toFixed(1) + "\" width=\"3.4\" height=\"" + high.toFixed(1) + "\"/>");
  });
}

var HATCHES = "<defs><pattern id=\"hatch-change\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"hc\" width=\"3\" height=\"8\"/></pattern>" +
  "<pattern id=\"hatch-down\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-45)\"><rect class=\"hd\" width=\"2\" height=\"6\"/></pattern></defs>";

function render() {
  var svg = document.getElementById("diagram"), width = Math.max(560, document.getElementById("frame").clientWidth);
  shown = lookAt(S.from, S.to);
  var p = picture = new Picture(width, shown);
  drawBands(p, shown);
  drawLanes(p);
  drawTimers(p, shown);
  var how = drawMessages(p, shown.list);
  drawSymbols(p, shown);
  drawAxis(p);
  drawViewNames(p, shown);
  if (how !== "density") drawLabels(p, shown);
  drawBracket(p, shown);
  drawIncidents(p, shown);
  p.add("<line id=\"cursor\" class=\"cursor\" y1=\"" + (p.top - 36) + "\" y2=\"" + p.bottom + "\"/>");
  svg.setAttribute("viewBox", "0 0 " + width + " " + p.height);
  svg.setAttribute("width", width);
  svg.setAttribute("height", p.height);
  svg.innerHTML = HATCHES + p.out.join("");
  p.elements = {};
  svg.querySelectorAll("[data-i]").forEach(function (e) { (p.elements[e.dataset.i] = p.elements[e.dataset.i] || []).push(e); });
  tell(how);
  applyCursor();
  if (S.lit) light(S.lit, true); else if (S.chosen >= 0) light(pastOf(S.chosen), true);
  drawOverview();
}

function tell(how) {
  var text = shown.list.length.toLocaleString("en") + " of " + COUNT.toLocaleString("en") + " messages, " + millis(S.from) + " to " + millis(S.to);
  if (S.slot >= 0) text += " · following slot " + S.slot;
  if (how === "fans") text += " · each broadcast drawn as one fan; zoom in for arrows";
  if (how === "density") text += " · too many to draw: bars show how much each sends; zoom in";
  if (!shown.list.length) text += " · nothing here passes the filters";
  document.getElementById("status").textContent = text;
}

/** Draws only what has happened up to the cursor. */
function applyCursor() {
  var svg = document.getElementById("diagram"), line = document.getElementById("cursor"), all = S.cursor >= S.to;
  svg.querySelectorAll("[data-t]").forEach(function (e) { e.classList.toggle("future", !all && +e.dataset.t > S.cursor); });
  line.style.display = all ? "none" : "";
  var x = all ? -9 : picture.x(S.cursor);
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
}

function drawOverview() {
  var svg = document.getElementById("overview"), width = Math.max(560, document.getElementById("frame").clientWidth), height = 44;
  var buckets = Math.floor((width - LEFT - RIGHT) / 3), counts = new Array(buckets).fill(0), bad = {}, most = 1, out = [];
  var inner = width - LEFT - RIGHT, x = function (t) { return LEFT + inner * t / D.end; };
  for (var i = 0; i < COUNT; i++) {
    var b = Math.min(buckets - 1, Math.floor(sentAt[i] / D.end * buckets));
    most = Math.max(most, ++counts[b]);
    if (lieOf(i)) bad[b] = true;
  }
  if (D.recovery[0] >= 0) out.push("<rect class=\"attack\" x=\"" + x(D.recovery[0]).toFixed(1) + "\" y=\"2\" width=\"" + Math.max(2, x(D.recovery[4] < 0 ? D.end : D.recovery[4]) - x(D.recovery[0])).toFixed(1) + "\" height=\"30\"/>");
  counts.forEach(function (c, k) {
    var h = c ? Math.max(1.5, 26 * Math.sqrt(c / most)) : 0, at = LEFT + k * inner / buckets;
    if (h) out.push("<rect class=\"bar\" x=\"" + at.toFixed(1) + "\" y=\"" + (32 - h).toFixed(1) + "\" width=\"2\" height=\"" + h.toFixed(1) + "\"/>");
    if (bad[k]) out.push("<path class=\"lietick\" d=\"M" + at.toFixed(1) + ",34v6\"/>");
  });
  var x0 = x(S.from), x1 = x(S.to);
  out.push("<rect class=\"brush\" x=\"" + x0.toFixed(1) + "\" y=\"1\" width=\"" + Math.max(6, x1 - x0).toFixed(1) + "\" height=\"32\" rx=\"3\"/>");
  out.push("<text class=\"tick\" x=\"4\" y=\"21\">the whole run</text>");
  svg.setAttribute("viewBox", "0 0 " + width + " " + height);
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  svg.innerHTML = out.join("");
}
