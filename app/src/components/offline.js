(function (bar) {
  var held;
  function show() {
    bar.hidden = navigator.onLine;
  }
  // without network a tap would end on the browser's error page. A second tap counts: the browser may be wrong
  function hold(event) {
    var tapped = event.type === "submit" ? event.target : event.target.closest("a[href]");
    if (navigator.onLine || !tapped || held === tapped) return;
    held = tapped;
    event.preventDefault();
  }
  ["online", "offline", "pageshow"].forEach(function (name) {
    addEventListener(name, show);
  });
  ["submit", "click"].forEach(function (name) {
    addEventListener(name, hold);
  });
})(document.getElementById("offline"));
