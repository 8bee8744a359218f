(function (form) {
  // the browser asks for missing fields before it sends the form, so that no typed text is lost
  function setRequired() {
    var needed = form.elements.to.value === "new";
    ["name", "phone", "region", "detail"].forEach(function (name) {
      form.elements[name].required = needed;
    });
  }
  form.addEventListener("change", setRequired);
  setRequired();
})(document.querySelector(".delivery-form"));
