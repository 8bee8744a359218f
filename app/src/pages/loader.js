(function (script, wasm) {
  function start() {
    import(script).then(function (islands) {
      return islands.default({ module_or_path: wasm }).then(function () {
        islands.hydrate();
        document.querySelectorAll("leptos-island").forEach(function (island) {
          islands[island.dataset.component](island);
        });
      });
    });
  }
  // a page that is never idle starts all the same
  window.requestIdleCallback ? requestIdleCallback(start, { timeout: 500 }) : start();
})
