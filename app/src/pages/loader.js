(function (script, wasm) {
  // both are on their way before the page is read to its end; what they cost waits until it has been seen
  var module = import(script);
  var fetched = fetch(wasm);
  function start() {
    module.then(function (islands) {
      return islands.default({ module_or_path: fetched }).then(function () {
        islands.hydrate();
        document.querySelectorAll("leptos-island").forEach(function (island) {
          islands[island.dataset.component](island);
        });
      });
    });
  }
  // not DOMContentLoaded: that waits for the JS-SDK, which may never come
  document.addEventListener("readystatechange", function () {
    // a page that is never idle starts all the same
    window.requestIdleCallback ? requestIdleCallback(start, { timeout: 500 }) : start();
  }, { once: true });
})
