(function (form) {
  var text = form.querySelector(".chosen");
  form.addEventListener("change", function () {
    var chosen = form.querySelector("input[name=sku]:checked");
    if (!chosen || chosen.disabled) return;
    form.querySelectorAll(".price").forEach(function (price) {
      price.lastChild.data = chosen.dataset.yuan;
    });
    form.querySelectorAll(".from").forEach(function (from) {
      from.hidden = true;
    });
    if (!text) return;
    var group = chosen.closest(".spec-group"), name = chosen.nextElementSibling.textContent;
    text.textContent = group ? group.getAttribute("aria-label") + " / " + name : name;
  });
})(document.querySelector(".product"));
