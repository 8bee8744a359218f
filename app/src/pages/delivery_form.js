(function (form) {
  // the browser asks for missing fields before it sends the form
  function setRequired() {
    var to = form.elements.to.value;
    [["new", "name"], ["new", "phone"], ["new", "region"], ["new", "detail"], ["pickup", "pickup_name"], ["pickup", "pickup_phone"]].forEach(
      function (pair) {
        var field = form.elements[pair[1]];
        if (field) field.required = to === pair[0];
      }
    );
  }
  // the delivery cost of the new address follows its city
  function setNewCost() {
    var city = form.elements.city.value;
    form.querySelectorAll("data").forEach(function (cost) {
      var isHere = cost.dataset.provinces.split(" ").some(function (province) {
        return city.indexOf(province) === 0;
      });
      if (!isHere) return;
      var seen = cost.parentNode.querySelector("[name=freight]");
      seen.value = "new*" + (cost.value || 0);
      seen.previousElementSibling.textContent = cost.textContent;
    });
  }
  // the delivery cost of the choice, and the sum with it
  function setFreight() {
    var fee = form.querySelector("[data-freight]");
    if (!fee) return;
    setNewCost();
    var isKnown = form.elements.to.value !== "new" || !!form.elements.city.value;
    var fen = 0;
    var words = form.elements.to.value === "pickup" ? fee.dataset.pickup : fee.dataset.freight;
    form.querySelectorAll("[name=freight]").forEach(function (seen) {
      var parts = seen.value.split("*");
      if (parts[0] !== form.elements.to.value) return;
      fen = Number(parts[1]);
      words = isKnown ? seen.previousElementSibling.textContent : fee.dataset.region;
    });
    form.querySelector("[data-with-freight]").hidden = !isKnown;
    form.querySelector("[data-without-freight]").hidden = isKnown;
    fee.textContent = fen ? "¥" + (fen / 100).toFixed(2) : words;
    setSum(Number(form.dataset.goods) + fen);
  }
  // the sum that is left to pay when the balance is used
  function setSum(fen) {
    var balance = form.elements.balance;
    if (balance && balance.checked) fen = Math.max(0, fen - Number(balance.value));
    form.querySelector(".bottom .price").lastChild.textContent = (fen / 100).toFixed(2);
    var button = form.querySelector("[data-pay]");
    if (button) button.textContent = fen ? button.dataset.pay : button.dataset.order;
  }
  form.addEventListener("change", setRequired);
  form.addEventListener("change", setFreight);
  setRequired();
  var wrong = form.querySelector("[aria-invalid]");
  if (wrong) wrong.focus();
  // a second tap sends nothing; the page of the confirmation leaves the history when it is sent
  form.addEventListener("submit", function (event) {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    if (form.dataset.back) history.replaceState(null, "", form.dataset.back);
  });
  addEventListener("pageshow", function (event) {
    if (event.persisted) location.reload();
  });
})(document.querySelector(".delivery-form"));
