// Filters, zoom, keys, hover and clicks.
function byId(id) { return document.getElementById(id); }

function options(id, list, value) {
  byId(id).innerHTML = list.map(function (o) { return "<option value=\"" + o[0] + "\">" + escapeText(o[1]) + "</option>"; }).join("");
  byId(id).value = String(value);
}

function distinct(column) {
  return Array.from(new Set(column)).filter(function (v) { return v >= 0; }).sort(function (a, b) { return a - b; });
}

function fillFilters() {
  options("f-slot", [[-1, "all"]].concat(distinct(M.slot).map(function (s) { return [s, s]; })), S.slot);
  options("f-view", [[-1, "all"]].concat(distinct(M.view).map(function (v) { return [v, v]; })), S.view);
  var kinds = PHASES.concat(D.kinds.filter(function (k) { return PHASES.indexOf(k) < 0; })).filter(function (k) { return D.kinds.indexOf(k) >= 0; });
  options("f-kind", [["quiet", "all but status"], ["all", "all"]].concat(kinds.map(function (k) { return [k, k]; })), S.kind);
  options("f-who", [[-1, "all"]].concat(D.names.map(function (n, lane) { return [lane, n]; })), S.who);
}

function onFilter() {
  S.slot = +byId("f-slot").value;
  S.view = +byId("f-view").value;
  S.kind = byId("f-kind").value;
  S.who = +byId("f-who").value;
  S.lit = null;
  render();
}

function setWindow(from, to) {
  var least = 400, length = Math.max(least, Math.min(D.end, to - from));
  S.from = Math.max(0, Math.min(D.end - length, from));
  S.to = S.from + length;
  S.cursor = Infinity;
  byId("scrub").value = 1000;
  render();
}

function zoom(factor, around) {
  var at = around === undefined ? (S.from + S.to) / 2 : around;
  setWindow(at - (at - S.from) * factor, at + (S.to - at) * factor);
}
function pan(share) { var by = (S.to - S.from) * share; setWindow(S.from + by, S.to + by); }
function toAttack() { setWindow(D.window[0], D.window[1]); }

/** Shows a slot from its first message to its last. */
function follow(slot) {
  var from = Infinity, to = 0;
  for (var i = 0; i < COUNT; i++) {
    if (M.slot[i] === slot) {
      from = Math.min(from, sentAt[i]);
      to = Math.max(to, arrivedAt[i] >= 0 ? arrivedAt[i] : sentAt[i]);
    }
  }
  S.slot = slot;
  byId("f-slot").value = String(slot);
  if (to > 0) setWindow(from - 2000, to + 2000); else render();
}

/** Brings a time and messages into view, whatever the filters hide. */
function jump(from, to, flights) {
  var hidden = flights.filter(function (i) { return !passes(i); });
  if (hidden.length) {
    S.slot = S.view = S.who = -1;
    S.kind = "all";
    fillFilters();
  }
  var length = Math.max(S.to - S.from, (to - from) * 1.5), inside = from >= S.from && to <= S.to;
  S.lit = flights.length ? new Set(flights) : null;
  S.chosen = -1;
  byId("detail").hidden = true;
  if (inside) render(); else setWindow((from + to) / 2 - length / 2, (from + to) / 2 + length / 2);
  if (flights.length === 1) choose(flights[0]);
  byId("see").scrollIntoView({ behavior: "smooth", block: "start" });
}

function step(direction, wanted) {
  var at = S.chosen, order = [];
  for (var i = 0; i < COUNT; i++) if (wanted ? wanted(i) : passes(i)) order.push(i);
  if (!order.length) return;
  var next = order.filter(function (i) { return direction > 0 ? i > at : i < at; });
  var i = at < 0 && !wanted ? (shown.list[0] === undefined ? order[0] : shown.list[0]) : next.length ? next[direction > 0 ? 0 : next.length - 1] : order[direction > 0 ? 0 : order.length - 1];
  if (!passes(i)) { S.slot = S.view = S.who = -1; S.kind = "all"; fillFilters(); render(); }
  if (sentAt[i] < S.from || sentAt[i] > S.to) { var half = (S.to - S.from) / 2; setWindow(sentAt[i] - half, sentAt[i] + half); }
  choose(i);
}

/** The arrow nearest to a point, if it is near. */
function nearest(event) {
  var box = byId("diagram").getBoundingClientRect(), k = picture.width / box.width;
  var x = (event.clientX - box.left) * k, y = (event.clientY - box.top) * k, best = -1, least = 8;
  picture.segments.forEach(function (s) {
    var dx = s.x1 - s.x0, dy = s.y1 - s.y0, t = Math.max(0, Math.min(1, ((x - s.x0) * dx + (y - s.y0) * dy) / (dx * dx + dy * dy || 1)));
    var distance = Math.hypot(x - s.x0 - t * dx, y - s.y0 - t * dy) - (lieOf(s.i) ? 2 : 0);
    if (distance < least) { least = distance; best = s.i; }
  });
  return best;
}

var playing = 0;
function play() {
  if (playing) { cancelAnimationFrame(playing); playing = 0; byId("b-play").textContent = "▶ play"; return; }
  var scrub = byId("scrub"), last = 0;
  if (+scrub.value >= 1000) scrub.value = 0;
  byId("b-play").textContent = "❚❚ pause";
  (function frame(now) {
    if (last) scrub.value = +scrub.value + (now - last) / 12;
    last = now;
    onScrub();
    if (+scrub.value >= 1000) { playing = 0; byId("b-play").textContent = "▶ play"; } else playing = requestAnimationFrame(frame);
  })(0);
}
function onScrub() {
  var share = +byId("scrub").value / 1000, s = picture.scale;
  S.cursor = share >= 1 ? Infinity : timeOf(s, s.left + (s.right - s.left) * share);
  applyCursor();
}

var KEYS = {
  "ArrowRight": function (e) { if (e.shiftKey) pan(0.3); else step(1); },
  "ArrowLeft": function (e) { if (e.shiftKey) pan(-0.3); else step(-1); },
  "+": function () { zoom(0.6); }, "=": function () { zoom(0.6); }, "-": function () { zoom(1.7); }, "0": toAttack,
  "l": function () { step(1, lieOf); }, "r": function () { step(1, function (i) { return D.refused[i] !== undefined; }); },
  "f": function () { if (S.chosen >= 0 && M.slot[S.chosen] >= 0) follow(M.slot[S.chosen]); },
  "Enter": function () { if (S.chosen >= 0) choose(S.chosen, true); },
  "Escape": function () { choose(-1); }, " ": play
};

function wireDiagram() {
  var svg = byId("diagram"), drag = null;
  svg.addEventListener("keydown", function (e) { if (KEYS[e.key] && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); KEYS[e.key](e); } });
  svg.addEventListener("mousemove", function (e) {
    if (drag) { var by = (drag.x - e.clientX) / picture.scale.perMicro; if (Math.abs(e.clientX - drag.x) > 4) { drag.moved = true; setWindow(drag.from + by, drag.to + by); } return; }
    if (S.chosen >= 0 || S.lit) return;
    var i = nearest(e);
    svg.style.cursor = i < 0 ? "grab" : "pointer";
    light(i < 0 ? null : pastOf(i));
  });
  svg.addEventListener("mousedown", function (e) { drag = { x: e.clientX, from: S.from, to: S.to, moved: false }; });
  window.addEventListener("mouseup", function () { setTimeout(function () { drag = null; }, 0); });
  svg.addEventListener("mouseleave", function () { if (S.chosen < 0 && !S.lit) light(null); });
  svg.addEventListener("click", function (e) { if (!drag || !drag.moved) choose(nearest(e)); });
  svg.addEventListener("wheel", function (e) {
    if (!e.ctrlKey) return;
    e.preventDefault();
    var box = svg.getBoundingClientRect();
    zoom(e.deltaY > 0 ? 1.25 : 0.8, timeOf(picture.scale, (e.clientX - box.left) * picture.width / box.width));
  }, { passive: false });
  byId("overview").addEventListener("click", function (e) {
    var box = byId("overview").getBoundingClientRect(), half = (S.to - S.from) / 2;
    var at = ((e.clientX - box.left) * picture.width / box.width - LEFT) / (picture.width - LEFT - RIGHT) * D.end;
    setWindow(at - half, at + half);
  });
}

function wire() {
  ["f-slot", "f-view", "f-kind", "f-who"].forEach(function (id) { byId(id).addEventListener("change", onFilter); });
  var actions = { "b-attack": toAttack, "b-all": function () { setWindow(0, D.end); }, "b-in": function () { zoom(0.6); }, "b-out": function () { zoom(1.7); },
    "b-left": function () { pan(-0.3); }, "b-right": function () { pan(0.3); }, "b-lie": KEYS.l, "b-refusal": KEYS.r, "b-play": play };
  Object.keys(actions).forEach(function (id) { byId(id).addEventListener("click", actions[id]); });
  byId("scrub").addEventListener("input", onScrub);
  document.addEventListener("keydown", function (e) { if (e.key === "Escape" && S.chosen >= 0) { choose(-1); byId("diagram").focus(); } });
  document.addEventListener("click", function (e) {
    var b = e.target.closest("button");
    if (!b) return;
    if (b.classList.contains("jump")) jump(+b.dataset.from, +b.dataset.to, b.dataset.flights ? b.dataset.flights.split(",").map(Number) : []);
    else if (b.classList.contains("slot") || b.classList.contains("follow")) { follow(+b.dataset.slot); byId("see").scrollIntoView({ behavior: "smooth" }); }
    else if (b.classList.contains("close")) { choose(-1); byId("diagram").focus(); }
  });
  byId("b-lie").disabled = !Object.keys(D.lies).length;
  byId("b-refusal").disabled = !Object.keys(D.refused).length;
  var waiting = 0;
  window.addEventListener("resize", function () { clearTimeout(waiting); waiting = setTimeout(render, 120); });
  wireDiagram();
}

function legend() {
  function line(css, name) { return "<span><svg width=\"34\" height=\"12\" aria-hidden=\"true\"><g class=\"arrow " + css + "\"><path class=\"line\" d=\"M1,6H28\"/><path class=\"head\" d=\"M33,6L25,2.5V9.5Z\"/></g></svg>" + name + "</span>"; }
  var seen = {}, out = [];
  D.kinds.forEach(function (k) { seen[TONES[k] || "other"] = true; });
  [["client", "REQUEST, REPLY"], ["preprepare", "PRE-PREPARE"], ["prepare", "PREPARE"], ["commit", "COMMIT"], ["change", "VIEW-CHANGE, NEW-VIEW"], ["checkpoint", "CHECKPOINT"], ["other", "fetch, status"]].forEach(function (k) { if (seen[k[0]]) out.push(line("k-" + k[0], k[1])); });
  if (Object.keys(D.lies).length) out.push(line("lie k-preprepare", "lie"));
  out.push(line("late k-client", "late"));
  out.push("<span><svg width=\"24\" height=\"12\" aria-hidden=\"true\"><g class=\"arrow dropped k-client\"><path class=\"line\" d=\"M1,6H16\"/><path class=\"cross\" d=\"M12,2l8,8m0,-8l-8,8\"/></g></svg>dropped</span>");
  out.push("<span><svg width=\"20\" height=\"20\" aria-hidden=\"true\">" + ringSvg({ letter: "P", tone: "a", full: true, need: 2, at: 0, votes: [{ at: 0, by: 0 }, { at: 0, by: 0 }], who: 0, view: 0, slot: -1, digest: -1 }, 10, 10) + "</svg>quorum</span>");
  out.push("<span><svg width=\"18\" height=\"18\" aria-hidden=\"true\"><g class=\"exec d-a\"><path d=\"M9,1l8,8l-8,8l-8,-8Z\"/></g></svg>executed</span>");
  out.push("<span><svg width=\"30\" height=\"16\" aria-hidden=\"true\"><g class=\"timer fired\"><rect x=\"1\" y=\"8\" width=\"24\" height=\"4\"/><path class=\"flag\" d=\"M26,14v-13l-9,4l9,4\"/></g></svg>timer runs out</span>");
  var refusals = D.ledger.slice(0, 9).map(function (r) { return "<span><span class=\"refusal\">" + r[0] + "</span>" + r[3] + ": " + escapeText(r[2]) + " <code>" + r[1] + "</code></span>"; });
  if (D.ledger.length > 9) refusals.push("<span>and " + (D.ledger.length - 9) + " more below</span>");
  byId("legend").innerHTML = "<p>" + out.join("") + "</p>" + (refusals.length ? "<p class=\"refusals\"><b>refused:</b>" + refusals.join("") + "</p>" : "");
}
