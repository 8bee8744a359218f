(function (form) {
  var text = form.querySelector(".chosen");
  function show() {
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
  }
  form.addEventListener("change", show);
  // the browser restores the choice of a page that the shopper comes back to
  addEventListener("pageshow", function () {
    if (form.querySelector("input[name=sku]:checked:not([checked])")) show();
  });
})(document.querySelector(".product"));
(function (links) {
  links.forEach(function (link) {
    link.addEventListener("click", function (event) {
      if (!window.WeixinJSBridge) return;
      event.preventDefault();
      WeixinJSBridge.invoke("imagePreview", { current: link.href, urls: links.map(String) });
    });
  });
})(Array.from(document.querySelectorAll(".gallery a")));
