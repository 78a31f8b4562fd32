// Downloads, made here from the record; and the start.
function save(name, type, text) {
  var link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: type }));
  link.download = D.title.replace(/[^A-Za-z0-9]+/g, "-") + name;
  link.click();
  setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
}

function plainName(what) { return what.toLowerCase().replace(/_/g, "-"); }

function messageObject(i) {
  var o = { type: "message", number: i, sentMicros: sentAt[i], arrivedMicros: arrivedAt[i], from: nameOf(M.from[i]), to: nameOf(M.to[i]), kind: kindOf(i), view: M.view[i], slot: M.slot[i], digest: D.digests[M.digest[i]] || "", bytes: M.bytes[i], fate: ["arrived", "lost", "taken", "withheld", "on its way"][fateOf(i)] };
  if (D.refused[i] !== undefined) o.refused = D.ledger[D.refused[i] - 1][1];
  if (D.deferred[i]) o.deferred = D.deferred[i];
  if (lieOf(i)) o.lie = lieOf(i)[0];
  if (M.cause[i] > 0) o.cause = i - M.cause[i];
  return o;
}

function toJsonl() {
  var lines = [];
  for (var i = 0; i < COUNT; i++) lines.push([sentAt[i], JSON.stringify(messageObject(i))]);
  marks.forEach(function (m) { lines.push([m.at, JSON.stringify({ type: plainName(m.what), atMicros: m.at, who: nameOf(m.who), view: m.view, slot: m.slot, digest: D.digests[m.digest] || "", note: m.note })]); });
  lines.sort(function (a, b) { return a[0] - b[0]; });
  return lines.map(function (l) { return l[1]; }).join("\n") + "\n";
}

function toCsv() {
  var names = ["number", "sentMicros", "arrivedMicros", "from", "to", "kind", "view", "slot", "digest", "bytes", "fate", "refused", "deferred", "lie"], rows = [names.join(",")];
  for (var i = 0; i < COUNT; i++) {
    var o = messageObject(i);
    rows.push(names.map(function (n) { var v = o[n] === undefined ? "" : String(o[n]); return /[",\n]/.test(v) ? "\"" + v.replace(/"/g, "\"\"") + "\"" : v; }).join(","));
  }
  return rows.join("\n") + "\n";
}

/** Vector clocks over sends, receipts and marks. ShiViz parses it with (?<host>\S+) (?<clock>{.*}) (?<event>.*) */
function toShiViz() {
  var events = [], clocks = D.names.map(function () { return {}; }), carried = {}, out = [];
  for (var i = 0; i < COUNT; i++) {
    if (fateOf(i) === WITHHELD) continue;
    events.push([sentAt[i], 1, M.from[i], i]);
    if (arrivedAt[i] >= 0) events.push([arrivedAt[i], 0, M.to[i], i]);
  }
  marks.forEach(function (m) { events.push([m.at, 2, m.who, m]); });
  events.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
  events.forEach(function (e) {
    var lane = e[2], clock = clocks[lane], i = e[3];
    if (lane < 0) return;
    if (e[1] === 0 && carried[i]) Object.keys(carried[i]).forEach(function (h) { clock[h] = Math.max(clock[h] || 0, carried[i][h]); });
    clock[nameOf(lane)] = (clock[nameOf(lane)] || 0) + 1;
    if (e[1] === 1) carried[i] = Object.assign({}, clock);
    var what = e[1] === 2 ? plainName(i.what) + (i.slot >= 0 ? " slot " + i.slot : "") + (i.note ? " " + i.note : "") :
      (e[1] ? "sends " + kindOf(i) + " to " + nameOf(M.to[i]) + (lieOf(i) ? " (lie)" : "") : "receives " + kindOf(i) + " from " + nameOf(M.from[i]) + (D.refused[i] === undefined ? "" : ", refuses it: " + D.ledger[D.refused[i] - 1][1])) + (M.slot[i] >= 0 ? " slot " + M.slot[i] : "");
    out.push(nameOf(lane) + " " + JSON.stringify(clock) + " " + what);
  });
  return out.join("\n") + "\n";
}

/** The diagram as it is drawn now, with its style inside. */
function toSvg() {
  var copy = byId("diagram").cloneNode(true), style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  style.textContent = document.querySelector("style").textContent;
  copy.insertBefore(style, copy.firstChild);
  copy.setAttribute("class", "alone");
  return new XMLSerializer().serializeToString(copy);
}

byId("d-jsonl").addEventListener("click", function () { save(".jsonl", "application/x-ndjson", toJsonl()); });
byId("d-shiviz").addEventListener("click", function () { save(".shiviz.log", "text/plain", toShiViz()); });
byId("d-csv").addEventListener("click", function () { save(".csv", "text/csv", toCsv()); });
byId("d-svg").addEventListener("click", function () { save(".svg", "image/svg+xml", toSvg()); });
byId("d-script").addEventListener("click", function () { save(".traitor", "text/plain", byId("script").textContent); });
if (byId("d-shrunk")) byId("d-shrunk").addEventListener("click", function () { save("-shrunk.traitor", "text/plain", byId("shrunk").textContent); });
byId("copy").addEventListener("click", function () {
  var range = document.createRange();
  range.selectNodeContents(byId("replay"));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  var finished = function () { byId("copy").textContent = "copied"; };
  if (navigator.clipboard) navigator.clipboard.writeText(D.replay).then(finished, finished); else { document.execCommand("copy"); finished(); }
});
var root = document.documentElement, chosenTheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
function setTheme(theme) { root.dataset.theme = theme; }
setTheme(chosenTheme);
byId("theme").addEventListener("click", function () { setTheme(chosenTheme = chosenTheme === "dark" ? "light" : "dark"); });
// On paper it is always light, and whole.
window.addEventListener("beforeprint", function () { setTheme("light"); S.cursor = Infinity; applyCursor(); });
window.addEventListener("afterprint", function () { setTheme(chosenTheme); });

/** Where it starts: the attack's window, but no more than can be read: a slot, or the first lies. */
function start() {
  if (messagesIn(S.from, S.to).length <= 150) return;
  S.slot = D.slot;
  var list = messagesIn(S.from, S.to);
  if (list.length <= MANY / 2) return;
  var first = list.filter(function (i) { return lieOf(i) && sentAt[i] >= S.from; })[0], from = first === undefined ? S.from : Math.max(S.from, sentAt[first] - late);
  var some = list.filter(function (i) { return sentAt[i] >= from; }).slice(0, 260);
  S.from = from;
  S.to = Math.max(from + 1000, sentAt[some[some.length - 1]] + late / 2);
}
start();
fillFilters();
legend();
wire();
render();
/** For tests and for the curious: the state, the record and the downloads. */
window.report = { state: S, data: D, jsonl: toJsonl, csv: toCsv, shiviz: toShiViz, svg: toSvg, ready: true };
