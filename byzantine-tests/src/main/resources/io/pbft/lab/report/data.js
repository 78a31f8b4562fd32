// The record: columns of messages, sparse maps, and what follows from them once and for all.
var D = JSON.parse(document.getElementById("data").textContent);
var M = D.m, COUNT = M.sent.length;
var LOST = 1, TAKEN = 2, WITHHELD = 3, ON_ITS_WAY = 4;
var PHASES = ["REQUEST", "PRE-PREPARE", "PREPARE", "COMMIT", "REPLY", "VIEW-CHANGE", "NEW-VIEW", "CHECKPOINT"];
var TONES = { "REQUEST": "client", "REPLY": "client", "PRE-PREPARE": "preprepare", "PREPARE": "prepare",
  "COMMIT": "commit", "VIEW-CHANGE": "change", "NEW-VIEW": "change", "CHECKPOINT": "checkpoint" };
var sentAt = new Float64Array(COUNT), arrivedAt = new Float64Array(COUNT);
var isTraitor = D.names.map(function (name, lane) { return D.traitors.indexOf(lane) >= 0; });
var late = 0;

(function decode() {
  var at = 0, took = [];
  for (var i = 0; i < COUNT; i++) {
    at += M.sent[i];
    sentAt[i] = at;
    arrivedAt[i] = M.took[i] < 0 ? -1 : at + M.took[i];
    if (M.took[i] > 0 && i % 7 === 0) took.push(M.took[i]);
  }
  took.sort(function (a, b) { return a - b; });
  late = took.length ? 4 * took[Math.floor(took.length * 0.8)] : 1e9;
})();

function kindOf(i) { return D.kinds[M.kind[i]]; }
function toneOf(i) { return TONES[kindOf(i)] || "other"; }
function lieOf(i) { return D.lies[i]; }
function fateOf(i) { return D.fates[i] || 0; }
function isLate(i) { return M.took[i] > late || (lieOf(i) && lieOf(i)[0].indexOf("delay") === 0 && M.took[i] >= 0); }
function isReplica(lane) { return lane >= D.clients; }
function nameOf(lane) { return lane < 0 ? "a client" : D.names[lane]; }

/** A: what correct replicas executed at the slot; B, C: what competes with it; ∅: the null batch. */
function letterOf(slot, digest) {
  if (slot < 0 || digest < 0) return "";
  return D.letters[slot + ":" + digest] || "A";
}
function digestTone(letter) { return letter === "∅" ? "null" : letter === "A" || letter === "" ? "a" : "b"; }
function millis(micros, digits) {
  return (micros / 1000).toFixed(digits === undefined ? 1 : digits) + " ms";
}
function escapeText(text) {
  return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** What participants noticed, in order. */
var marks = (function () {
  var c = D.marks, at = 0;
  return c.after.map(function (after, k) {
    at += after;
    return { at: at, who: c.who[k], what: c.whats[c.what[k]], view: c.view[k], slot: c.slot[k], digest: c.digest[k], note: c.notes[k] || "" };
  });
})();

// When a replica accepted, prepared and committed a slot in a view; its views; its executions.
var accepted = {}, done = {}, bands = [], executions = [], executedBy = {}, notes = [], answers = [];
(function sortMarks() {
  var open = [];
  D.names.forEach(function (name, lane) {
    bands.push([]);
    open.push({ from: 0, view: 0, what: "view" });
  });
  function turn(lane, at, view, what) {
    var last = open[lane];
    last.to = at;
    if (last.to > last.from) bands[lane].push(last);
    open[lane] = { from: at, view: view, what: what };
  }
  marks.forEach(function (mark) {
    var key = mark.who + ":" + mark.view + ":" + mark.slot;
    if (mark.what === "PRE_PREPARED") accepted[key] = mark.digest;
    else if (mark.what === "PREPARED") done["P" + key] = mark;
    else if (mark.what === "COMMITTED") done["C" + key] = mark;
    else if (mark.what === "EXECUTED") { executions.push(mark); executedBy[mark.who + ":" + mark.slot] = mark.at; }
    else if (mark.what === "ACCEPTED") answers.push(mark);
    else if (mark.what === "VIEW_CHANGE") turn(mark.who, mark.at, mark.view, "change");
    else if (mark.what === "ENTERED") { done["V" + mark.who + ":" + mark.view] = mark; turn(mark.who, mark.at, mark.view, "view"); }
    else if (mark.what === "STOPPED") turn(mark.who, mark.at, open[mark.who].view, "down");
    else if (mark.what === "RESTARTED") turn(mark.who, mark.at, open[mark.who].view, "view");
    if (["EQUIVOCATION", "STABLE", "TRANSFER", "TRANSFERRED", "DIVERGED", "GAVE_UP"].indexOf(mark.what) >= 0) notes.push(mark);
  });
  D.names.forEach(function (name, lane) { turn(lane, D.end, 0, "end"); });
})();

/** Index of the first message sent at or after a time. */
function firstSentFrom(time) {
  var low = 0, high = COUNT;
  while (low < high) {
    var middle = (low + high) >> 1;
    if (sentAt[middle] < time) low = middle + 1; else high = middle;
  }
  return low;
}
