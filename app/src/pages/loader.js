(function (script, wasm) {
  // both are on their way before the page is read to its end, and neither waits for the other
  var fetched = fetch(wasm);
  // not DOMContentLoaded: that waits for the JS-SDK, which may never come
  var read = new Promise(function (go) {
    document.addEventListener("readystatechange", go);
  });
  import(script).then(function (islands) {
    return Promise.all([islands.default({ module_or_path: fetched }), read]).then(function () {
      document.querySelectorAll("leptos-island").forEach(function (island) {
        islands[island.dataset.component](island);
      });
    });
  });
})
