// Adds new requests to the list of the simulator's page.
(function () {
  'use strict';
  var MAX_ROWS = 50;
  var list = document.getElementById('live');
  if (!list || !window.EventSource) return;
  var words = {
    accepted: ['成功', 'good'], refused: ['拒绝', 'bad'], wrong_signature: ['签名错误', 'bad'],
    fault: ['故障', 'bad'], no_answer: ['无应答', 'bad'],
  };

  function element(tag, parent, text, className) {
    var node = document.createElement(tag);
    if (text) node.textContent = text;
    if (className) node.className = className;
    parent.appendChild(node);
    return node;
  }

  function show(entry) {
    var row = document.createElement('li');
    var details = element('details', row);
    var summary = element('summary', details);
    var word = words[entry.verdict] || [entry.verdict, 'bad'];
    element('time', summary, entry.at.slice(11, 19));
    summary.append(' ');
    element('b', summary, word[0], word[1]);
    summary.append(' ');
    element('code', summary, entry.method + ' ' + entry.path);
    summary.append(' ' + (entry.status || '') + ' ');
    element('small', summary, entry.reason || '');
    element('pre', details, entry.request);
    element('pre', details, entry.answer);
    if (entry.sentence) element('p', row, entry.sentence, 'mistake').lang = 'en';
    list.prepend(row);
    while (list.children.length > MAX_ROWS) list.lastElementChild.remove();
  }

  var source = new EventSource('/_simulator/requests?follow=1&after=' + list.dataset.after);
  var newest = Number(list.dataset.after);
  source.onmessage = function (event) {
    var entry = JSON.parse(event.data);
    // a new connection begins with entries that are shown already
    if (entry.number <= newest) return;
    newest = entry.number;
    show(entry);
  };
})();
