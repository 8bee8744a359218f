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
  form.addEventListener("change", setRequired);
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
