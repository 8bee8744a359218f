(function (form) {
  var price = form.querySelector(".headline .price"), from = form.querySelector(".headline .from");
  function show() {
    var chosen = form.querySelector("input[name=sku]:checked");
    if (!chosen || chosen.disabled) return;
    price.lastChild.data = chosen.dataset.yuan;
    if (from) from.hidden = true;
  }
  form.addEventListener("change", show);
})(document.querySelector(".product"));
