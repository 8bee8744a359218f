document.querySelector(".cart").addEventListener("change", function () {
  var fen = 0;
  document.querySelectorAll(".tick:checked").forEach(function (tick) {
    fen += Number(tick.dataset.fen);
  });
  var price = document.querySelector("#check-out .price");
  price.lastChild.data = Math.floor(fen / 100) + "." + String(100 + (fen % 100)).slice(1);
});
