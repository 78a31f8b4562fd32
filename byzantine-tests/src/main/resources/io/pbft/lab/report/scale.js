// Time to the right: linear, with idle gaps folded.
var FOLD = 46;

/** A scale over [from, to] on [left, right]; the longest gaps between neighbouring times are folded. */
function makeScale(times, from, to, left, right) {
  var all = times.filter(function (t) { return t >= from && t <= to; }), gaps = [];
  all.push(from, to);
  all.sort(function (a, b) { return a - b; });
  for (var i = 1; i < all.length; i++) gaps.push(all[i] - all[i - 1]);
  gaps.sort(function (a, b) { return b - a; });
  var most = Math.max(2, Math.floor((right - left) / 160));
  var limit = Math.max(300, late * 0.6, (to - from) / 60, gaps.length > most ? gaps[most] : 0);
  var pieces = [], start = all[0];
  for (var j = 1; j < all.length; j++) {
    if (all[j] - all[j - 1] > limit) {
      var edge = Math.min(limit * 0.1, late * 0.08);
      pieces.push({ t0: start, t1: all[j - 1] + edge, fold: false });
      pieces.push({ t0: all[j - 1] + edge, t1: all[j] - edge, fold: true });
      start = all[j] - edge;
    }
  }
  pieces.push({ t0: start, t1: to, fold: false });
  return layOut(pieces, left, right);
}

function layOut(pieces, left, right) {
  var folds = pieces.filter(function (p) { return p.fold; }).length;
  var time = pieces.reduce(function (sum, p) { return sum + (p.fold ? 0 : p.t1 - p.t0); }, 0);
  var foldWidth = Math.min(FOLD, (right - left) / (3 * Math.max(1, folds)));
  var perMicro = (right - left - folds * foldWidth) / Math.max(1, time), x = left;
  pieces.forEach(function (p) {
    p.x0 = x;
    x += p.fold ? foldWidth : (p.t1 - p.t0) * perMicro;
    p.x1 = x;
  });
  return { pieces: pieces, perMicro: perMicro, left: left, right: right };
}

function xOf(scale, time) {
  var pieces = scale.pieces, low = 0, high = pieces.length - 1;
  if (time <= pieces[0].t0) return scale.left - Math.min(60, (pieces[0].t0 - time) * scale.perMicro);
  if (time >= pieces[high].t1) return scale.right + Math.min(60, (time - pieces[high].t1) * scale.perMicro);
  while (low < high) {
    var middle = (low + high) >> 1;
    if (pieces[middle].t1 < time) low = middle + 1; else high = middle;
  }
  var p = pieces[low];
  return p.x0 + (p.x1 - p.x0) * (time - p.t0) / Math.max(1, p.t1 - p.t0);
}

function timeOf(scale, x) {
  for (var i = 0; i < scale.pieces.length; i++) {
    var p = scale.pieces[i];
    if (x <= p.x1) return p.t0 + (p.t1 - p.t0) * Math.max(0, (x - p.x0) / Math.max(1, p.x1 - p.x0));
  }
  return scale.pieces[scale.pieces.length - 1].t1;
}

/** 1, 2 or 5 times a power of ten, in microseconds. */
function niceStep(rough) {
  var power = Math.pow(10, Math.floor(Math.log(Math.max(1, rough)) / Math.LN10));
  return [1, 2, 5, 10].map(function (k) { return k * power; }).filter(function (s) { return s >= rough; })[0];
}

/** Remembers what is occupied, so that no label covers a symbol or another label. */
function Room(width, height) {
  var taken = [];
  this.fits = function (box) {
    if (box.x < 0 || box.y < 0 || box.x + box.w > width || box.y + box.h > height) return false;
    return taken.every(function (t) {
      return box.x >= t.x + t.w || box.x + box.w <= t.x || box.y >= t.y + t.h || box.y + box.h <= t.y;
    });
  };
  this.take = function (box) { taken.push(box); };
  /** The first of the places [x, y] of a text's left base line that is free, or null. */
  this.place = function (width, size, places) {
    for (var i = 0; i < places.length; i++) {
      var box = { x: places[i][0] - 2, y: places[i][1] - size, w: width + 4, h: size + 4 };
      if (this.fits(box)) { taken.push(box); return places[i]; }
    }
    return null;
  };
}

var ruler = document.createElement("canvas").getContext("2d");
function textWidth(text, font) {
  ruler.font = font;
  return ruler.measureText(text).width * 1.04 + 1;
}
