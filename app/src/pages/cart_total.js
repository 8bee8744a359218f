(function (cart, form) {
  var all = form.querySelector(".all"), price = form.querySelector(".price");
  function ticks(chosen) {
    return document.querySelectorAll(".tick:enabled" + (chosen ? ":checked" : ""));
  }
  function add() {
    var fen = 0;
    ticks(true).forEach(function (tick) {
      fen += Number(tick.dataset.fen);
    });
    price.lastChild.data = Math.floor(fen / 100) + "." + String(100 + (fen % 100)).slice(1);
    all.checked = ticks(true).length === ticks().length;
  }
  cart.addEventListener("change", add);
  all.addEventListener("change", function () {
    ticks().forEach(function (tick) {
      tick.checked = all.checked;
    });
    add();
  });
  all.parentNode.hidden = false;
  add();
  // a page out of the history may show what was ordered meanwhile
  addEventListener("pageshow", function (event) {
    if (event.persisted) location.reload();
  });
})(document.querySelector(".cart"), document.getElementById("check-out"));
