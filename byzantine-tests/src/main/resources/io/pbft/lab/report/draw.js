// Draws what is in view as SVG text: bands, lanes, timers, arrows, rings, labels, axis, bracket.
var LEFT = 104, RIGHT = 18, SMALL = "600 11px system-ui, sans-serif", ITALIC = "italic 12px system-ui, sans-serif";

function Picture(width, shown) {
  var lanes = D.names.length;
  this.gap = lanes <= 6 ? 92 : lanes <= 9 ? 76 : 60;
  this.top = 62 + (D.incidents.length ? 20 : 0);
  this.width = width;
  this.bottom = this.top + (lanes - 1) * this.gap + 46;
  this.height = this.bottom + 78;
  this.scale = makeScale(shown.times, shown.from, shown.to, LEFT + 8, width - RIGHT);
  this.room = new Room(width, this.height);
  this.out = [];
  this.segments = [];
}
Picture.prototype.x = function (time) { return xOf(this.scale, time); };
Picture.prototype.y = function (lane) { return this.top + lane * this.gap; };
Picture.prototype.add = function (text) { this.out.push(text); };
Picture.prototype.label = function (text, font, size, places, css, time) {
  var at = this.room.place(textWidth(text, font), size, places);
  if (at) this.add("<text class=\"" + css + "\" data-t=\"" + time + "\" x=\"" + at[0].toFixed(1) + "\" y=\"" + at[1].toFixed(1) + "\">" + escapeText(text) + "</text>");
  return at;
};

function drawBands(p, shown) {
  var half = Math.min(30, p.gap * 0.32);
  for (var lane = D.clients; lane < D.names.length; lane++) {
    bands[lane].forEach(function (band) {
      if (band.to < shown.from || band.from > shown.to) return;
      var x0 = Math.max(LEFT, p.x(band.from)), x1 = Math.min(p.width - RIGHT, p.x(band.to));
      var css = band.what === "view" ? "view v" + band.view % 5 : band.what;
      p.add("<rect class=\"band " + css + "\" x=\"" + x0.toFixed(1) + "\" y=\"" + (p.y(lane) - half) + "\" width=\"" + Math.max(0, x1 - x0).toFixed(1) + "\" height=\"" + 2 * half + "\"><title>" + nameOf(lane) + ": " + bandName(band) + "</title></rect>");
      if (band.what !== "view") p.add("<rect class=\"hatch " + band.what + "\" x=\"" + x0.toFixed(1) + "\" y=\"" + (p.y(lane) - half) + "\" width=\"" + Math.max(0, x1 - x0).toFixed(1) + "\" height=\"" + 2 * half + "\"/>");
    });
  }
}

/** Above the first replica, where each of its views begins or goes on after a fold. */
function drawViewNames(p, shown) {
  var y = p.y(D.clients) - Math.min(30, p.gap * 0.32) - 6;
  bands[D.clients].forEach(function (band) {
    if (band.to < shown.from || band.from > shown.to) return;
    var first = Math.max(LEFT, p.x(band.from)) + 6, last = Math.min(p.x(band.to), p.width - RIGHT) + 16 - textWidth(bandName(band), ITALIC);
    var places = [[first, y]].concat(p.scale.pieces.map(function (piece) { return [piece.x0 + 4, y]; }));
    p.label(bandName(band), ITALIC, 12, places.filter(function (q) { return q[0] >= first && q[0] <= last; }), "viewname", 0);
  });
}

function bandName(band) {
  return band.what === "view" ? "view " + band.view + " · primary r" + band.view % D.n : band.what === "down" ? "down" : "view change";
}

function drawLanes(p) {
  D.names.forEach(function (name, lane) {
    var kind = isTraitor[lane] ? "traitor" : isReplica(lane) ? "replica" : "client", y = p.y(lane);
    p.add("<line class=\"lane " + kind + "\" x1=\"" + LEFT + "\" x2=\"" + (p.width - RIGHT) + "\" y1=\"" + y + "\" y2=\"" + y + "\"/>");
    p.add("<rect class=\"who " + kind + "\" x=\"4\" y=\"" + (y - 14) + "\" width=\"" + (LEFT - 16) + "\" height=\"28\" rx=\"14\"/>");
    p.add("<text class=\"whoname\" x=\"" + (4 + (LEFT - 16) / 2) + "\" y=\"" + (y + 4) + "\">" + name + (isTraitor[lane] ? " traitor" : "") + "</text>");
  });
  p.scale.pieces.forEach(function (piece) {
    if (!piece.fold) return;
    var middle = (piece.x0 + piece.x1) / 2;
    p.room.take({ x: middle - 8, y: p.top - 30, w: 16, h: p.bottom - p.top + 26 });
    p.add("<rect class=\"foldback\" x=\"" + (middle - 9) + "\" y=\"" + (p.top - 34) + "\" width=\"18\" height=\"" + (p.bottom - p.top + 34) + "\"/>");
    for (var s = -1; s <= 1; s += 2) {
      var path = "M" + (middle + s * 5) + "," + (p.top - 34);
      for (var y = p.top - 34, k = 0; y < p.bottom; y += 10, k++) path += "l" + (k % 2 ? -4 : 4) + ",10";
      p.add("<path class=\"fold\" d=\"" + path + "\"/>");
    }
  });
}

function drawTimers(p, shown) {
  var flags = {};
  D.timers.forEach(function (t) {
    if (t[3] < shown.from || t[2] > shown.to || t[3] - t[2] < 1) return;
    var fired = t[4] === "fired", x0 = Math.max(LEFT, p.x(t[2])), x1 = Math.min(p.width - RIGHT, p.x(t[3]));
    if (!fired && (x1 - x0 < 5 || S.slot >= 0)) return;
    var y = p.y(t[0]) + Math.min(30, p.gap * 0.32) - 7, name = t[1] === "REQUEST" ? "request timer" : "view-change timer";
    p.add("<g class=\"timer" + (fired ? " fired" : "") + "\" data-t=\"" + t[2] + "\"><title>" + nameOf(t[0]) + ": " + name + " " + t[4] + " after " + millis(t[3] - t[2]) + "</title>");
    p.add("<rect x=\"" + x0.toFixed(1) + "\" y=\"" + y + "\" width=\"" + Math.max(1, x1 - x0).toFixed(1) + "\" height=\"4\" rx=\"2\"/>");
    var crowded = flags[t[0]] !== undefined && x1 - flags[t[0]] < 10;
    if (fired && !crowded) flags[t[0]] = x1;
    if (fired && t[3] <= shown.to && !crowded) p.add("<path class=\"flag\" data-t=\"" + t[3] + "\" d=\"M" + x1.toFixed(1) + "," + (y + 6) + "v-13l-9,4l9,4\"/>");
    p.add("</g>");
    if (fired) p.room.take({ x: x0, y: y - 6, w: x1 - x0 + 4, h: 12 });
  });
}

/** Where an arrow starts and ends; dropped ones stop half-way, what was kept back barely starts. */
function segmentOf(p, i) {
  var x0 = p.x(sentAt[i]), y0 = p.y(M.from[i]), y1 = p.y(M.to[i]), fate = fateOf(i);
  var x1 = p.x(arrivedAt[i] >= 0 ? arrivedAt[i] : sentAt[i] + late / 4), part = arrivedAt[i] >= 0 ? 1 : 0.5;
  if (fate === WITHHELD) {
    var length = Math.abs(y1 - y0) || 1;
    return { x0: x0, y0: y0, x1: x0 + 6, y1: y0 + (y1 - y0) / length * 17, cross: true };
  }
  return { x0: x0, y0: y0, x1: x0 + (x1 - x0) * part, y1: y0 + (y1 - y0) * part, cross: fate === LOST || fate === TAKEN };
}

function headOf(s, size) {
  var angle = Math.atan2(s.y1 - s.y0, s.x1 - s.x0), out = "M" + s.x1.toFixed(1) + "," + s.y1.toFixed(1);
  [2.75, -2.75].forEach(function (turn) {
    out += "L" + (s.x1 + size * Math.cos(angle + turn)).toFixed(1) + "," + (s.y1 + size * Math.sin(angle + turn)).toFixed(1);
  });
  return out + "Z";
}

function drawArrow(p, i) {
  var s = segmentOf(p, i), lie = lieOf(i), css = "arrow k-" + toneOf(i) + (lie ? " lie" : "") + (isLate(i) ? " late" : "");
  if (fateOf(i)) css += fateOf(i) === WITHHELD ? " withheld" : " dropped";
  s.i = i;
  p.segments.push(s);
  p.add("<g class=\"" + css + "\" data-i=\"" + i + "\" data-t=\"" + sentAt[i] + "\"><path class=\"line\" d=\"M" + s.x0.toFixed(1) + "," + s.y0.toFixed(1) + "L" + s.x1.toFixed(1) + "," + s.y1.toFixed(1) + "\"/>");
  if (s.cross) p.add("<path class=\"cross\" d=\"M" + (s.x1 - 4).toFixed(1) + "," + (s.y1 - 4).toFixed(1) + "l8,8m0,-8l-8,8\"/>");
  else if (fateOf(i) !== ON_ITS_WAY && D.refused[i] === undefined) p.add("<path class=\"head\" d=\"" + headOf(s, lie ? 12 : 7.5) + "\"/>");
  p.add("</g>");
}

/** A broadcast as one shape, where there are too many for arrows. */
function drawFan(p, fan) {
  var first = fan[0], points = fan.map(function (i) { return [p.x(arrivedAt[i]), p.y(M.to[i])]; });
  points.sort(function (a, b) { return a[1] - b[1]; });
  var origin = p.x(sentAt[first]).toFixed(1) + "," + p.y(M.from[first]);
  p.add("<path class=\"fan k-" + toneOf(first) + "\" data-i=\"" + first + "\" data-t=\"" + sentAt[first] + "\" d=\"M" + origin + points.map(function (q) { return "L" + q[0].toFixed(1) + "," + q[1]; }).join("") + "Z\"><title>" + fan.length + " × " + kindOf(first) + " from " + nameOf(M.from[first]) + "</title></path>");
  fan.forEach(function (i) { var s = segmentOf(p, i); s.i = i; p.segments.push(s); });
}

function drawSymbols(p, shown) {
  var last = {};
  function spot(lane, x, w) {
    var before = last[lane] === undefined ? -99 : last[lane];
    if (x - before >= w) { last[lane] = x; return x; }
    if (before + w - x <= (w < 20 ? 26 : 14) && before + w < p.width - RIGHT) { last[lane] = before + w; return before + w; }
    return -1;
  }
  var symbols = shown.rings.map(function (r) { return { at: r.at, lane: r.who, ring: r }; });
  executions.forEach(function (e) { if (shown.hasSlot(e)) symbols.push({ at: e.at, lane: e.who, run: e }); });
  shown.list.forEach(function (i) { if (D.refused[i] !== undefined) symbols.push({ at: arrivedAt[i], lane: M.to[i], refusal: i }); });
  symbols.sort(function (a, b) { return a.at - b.at; });
  symbols.forEach(function (s) {
    if (s.at < shown.from || s.at > shown.to) return;
    var y = p.y(s.lane), exact = p.x(s.at), x = spot(s.lane, exact, s.run ? 15 : s.refusal === undefined ? 20 : 15);
    if (x < 0) {
      if (s.refusal === undefined) p.add("<circle class=\"dot d-" + (s.ring ? s.ring.tone : digestTone(letterOf(s.run.slot, s.run.digest))) + "\" data-t=\"" + s.at + "\" cx=\"" + exact.toFixed(1) + "\" cy=\"" + y + "\" r=\"2.5\"/>");
      return;
    }
    p.room.take({ x: x - 10, y: y - 10, w: 20, h: 20 });
    if (s.ring) p.add(ringSvg(s.ring, x, y));
    else if (s.run) drawExecution(p, s.run, x, y);
    else drawRefusal(p, s.refusal, x, y);
  });
}

function drawExecution(p, e, x, y) {
  var letter = letterOf(e.slot, e.digest), tone = digestTone(letter);
  p.add("<g class=\"exec d-" + tone + "\" data-t=\"" + e.at + "\"><title>" + nameOf(e.who) + " executes slot " + e.slot + " as " + letter + " at " + millis(e.at) + "</title>");
  p.add("<path d=\"M" + x.toFixed(1) + "," + (y - 8) + "l8,8l-8,8l-8,-8Z\"/>" + (tone === "b" ? "<path class=\"strike\" d=\"M" + (x - 5).toFixed(1) + "," + (y + 3) + "l8,-8m-5,10l8,-8\"/>" : ""));
  if (tone !== "a") p.add("<text x=\"" + x.toFixed(1) + "\" y=\"" + (y + 3) + "\">" + letter + "</text>");
  p.add("</g>");
}

function drawRefusal(p, i, x, y) {
  var number = D.refused[i], row = D.ledger[number - 1];
  p.add("<g class=\"refuse\" data-i=\"" + i + "\" data-t=\"" + arrivedAt[i] + "\"><title>" + nameOf(M.to[i]) + " refuses: " + row[1] + ", " + escapeText(row[2]) + "</title><circle cx=\"" + x.toFixed(1) + "\" cy=\"" + y + "\" r=\"7\"/><path d=\"M" + (x - 4).toFixed(1) + "," + y + "h8\"/></g>");
  p.numbers = p.numbers || [];
  p.numbers.push({ x: x, y: y, text: String(number), at: arrivedAt[i] });
}

function drawLabels(p, shown) {
  (p.numbers || []).forEach(function (n) {
    var w = textWidth(n.text, SMALL);
    p.label(n.text, SMALL, 11, [[n.x - w / 2, n.y - 15], [n.x + 12, n.y - 8], [n.x - w / 2, n.y + 24], [n.x - w - 12, n.y - 8], [n.x + 12, n.y + 16]], "number", n.at);
  });
  var said = {};
  shown.list.forEach(function (i) { if (lieOf(i)) labelArrow(p, i, said); });
  if (shown.list.length < 260) shown.list.forEach(function (i) { if (!lieOf(i)) labelArrow(p, i, said); });
  notes.forEach(function (n) {
    if (n.at < shown.from || n.at > shown.to || (n.what === "STABLE" && S.slot >= 0)) return;
    var text = { EQUIVOCATION: "! accuses " + n.note, STABLE: "▪ stable " + n.slot, TRANSFER: "⇣ fetches state", TRANSFERRED: "⇣ has state " + n.slot, DIVERGED: "! state differs", GAVE_UP: "gives up" }[n.what];
    var x = p.x(n.at), y = p.y(n.who);
    p.label(text, SMALL, 11, [[x + 3, y + 20], [x + 3, y - 15], [x + 3, y + 34]], "note" + (text[0] === "!" ? " bad" : ""), n.at);
  });
}

/** One label a broadcast, near the sender, along the arrow. */
function labelArrow(p, i, said) {
  var lie = lieOf(i), kind = kindOf(i), letter = letterOf(M.slot[i], M.digest[i]);
  var text = kind + (kind === "PRE-PREPARE" && letter ? " " + letter : "");
  var key = M.from[i] + kind + (lie ? "lie" : "") + (lie ? Math.round(p.x(sentAt[i]) / 90) : "");
  if (lie && lie[0].indexOf("delay") === 0) text = kind + " held back";
  else if (lie) text = fateOf(i) === WITHHELD ? kind + " withheld" : letter && letter !== "A" ? kind + " " + letter + " (lie)" : kind + " (lie)";
  var often = kind + (lie ? "" : Math.round(sentAt[i] / 8000));
  if (said[key] || (!lie && said[often])) return;
  var s = segmentOf(p, i), down = s.y1 > s.y0, w = textWidth(text, SMALL), places = [];
  [0.16, 0.24, 0.34, 0.46, 0.6, 0.72].forEach(function (part) {
    var x = s.x0 + (s.x1 - s.x0) * part, y = s.y0 + (s.y1 - s.y0) * part;
    places.push([x + 8, y + (down ? 2 : 6)], [x - w - 8, y + (down ? 8 : 0)]);
  });
  if (fateOf(i) === WITHHELD) places = [[s.x1 + 7, s.y0 + (down ? 22 : -13)], [s.x1 - w - 9, s.y0 + (down ? 22 : -13)], [s.x1 + 7, s.y0 + (down ? 34 : -25)]];
  var at = p.label(text, SMALL, 11, places.filter(function (q) { return q[0] > LEFT; }), "say k-" + toneOf(i) + (lie ? " lie" : ""), sentAt[i]);
  if (at) said[key] = said[often] = true;
}

function drawAxis(p) {
  p.add("<line class=\"axis\" x1=\"" + LEFT + "\" x2=\"" + (p.width - RIGHT) + "\" y1=\"" + p.bottom + "\" y2=\"" + p.bottom + "\"/>");
  var step = niceStep(78 / p.scale.perMicro), last = -99;
  p.scale.pieces.forEach(function (piece) {
    if (piece.fold) {
      var middle = (piece.x0 + piece.x1) / 2, text = "+" + millis(piece.t1 - piece.t0, piece.t1 - piece.t0 < 10000 ? 1 : 0), w = textWidth(text, ITALIC);
      p.label(text, ITALIC, 11, [[middle - w / 2, p.bottom + 18], [middle - w / 2, p.top - 38]], "tick fold", 0);
      return;
    }
    var begin = Math.ceil(piece.t0 / step) * step, own = step;
    if (begin > piece.t1) { own = niceStep((piece.t1 - piece.t0) / 2); begin = Math.ceil(piece.t0 / own) * own; }
    for (var t = begin; t <= piece.t1; t += own) {
      var x = p.x(t), label = millis(t, own < 1000 ? 1 : 0), width = textWidth(label, SMALL);
      p.add("<line class=\"axis\" x1=\"" + x.toFixed(1) + "\" x2=\"" + x.toFixed(1) + "\" y1=\"" + (p.bottom - 4) + "\" y2=\"" + (p.bottom + 4) + "\"/>");
      if (x - width / 2 > last) {
        var at = p.label(label, SMALL, 11, [[x - width / 2, p.bottom + 18]], "tick", 0);
        if (at) last = x + width / 2 + 8;
      }
    }
  });
}

function drawBracket(p, shown) {
  var r = D.recovery, y = p.bottom + 32, names = ["detect", "timer", "view change", "re-agree + reply"], from = r[0];
  if (from < 0) return;
  for (var k = 1; k < 5; k++) {
    if (r[k] < 0 || r[k] < from) continue;
    var x0 = Math.max(LEFT, p.x(from)), x1 = Math.min(p.width - RIGHT, p.x(r[k])), took = millis(r[k] - from);
    if (from <= shown.to && r[k] >= shown.from && x1 > x0) {
      p.add("<rect class=\"phase phase" + k + "\" x=\"" + x0.toFixed(1) + "\" y=\"" + y + "\" width=\"" + Math.max(2, x1 - x0 - 2).toFixed(1) + "\" height=\"20\" rx=\"3\"><title>" + names[k - 1] + " " + took + "</title></rect>");
      var full = names[k - 1] + " " + took, fits = [full, names[k - 1]].filter(function (t) { return textWidth(t, SMALL) < x1 - x0 - 10; })[0];
      if (fits) p.add("<text class=\"phasename\" x=\"" + ((x0 + x1) / 2).toFixed(1) + "\" y=\"" + (y + 14) + "\">" + fits + "</text>");
      else if (r[k] > from) p.label(full, SMALL, 11, [[x0, y + 34], [Math.max(LEFT, x1 - textWidth(full, SMALL)), y + 34]], "phaseside", 0);
    }
    from = r[k];
  }
}

function drawIncidents(p, shown) {
  D.incidents.forEach(function (each) {
    var to = each[1] < 0 ? D.end : each[1];
    if (to < shown.from || each[0] > shown.to) return;
    var x0 = Math.max(LEFT, p.x(each[0])), x1 = Math.min(p.width - RIGHT, p.x(to));
    p.add("<rect class=\"incident\" x=\"" + x0.toFixed(1) + "\" y=\"6\" width=\"" + Math.max(3, x1 - x0).toFixed(1) + "\" height=\"6\" rx=\"3\"><title>" + escapeText(each[2]) + "</title></rect>");
    p.label(each[2], SMALL, 11, [[x0 + 2, 25]], "incidentname", 0);
  });
}
