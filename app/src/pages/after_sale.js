(function (form) {
  // what the shopper gets back for the chosen pieces
  var lines = Array.from(form.querySelectorAll("[data-fees]")), sum = form.querySelector("[data-freight]");
  function showSum() {
    var all = true, fen = 0;
    lines.forEach(function (line) {
      var fees = line.dataset.fees.split(" "), pieces = Number(line.value);
      if (pieces > 0) fen += Number(fees[pieces - 1] || 0);
      if (pieces < fees.length) all = false;
    });
    if (all) fen += Number(sum.dataset.freight);
    sum.hidden = false;
    sum.querySelector(".price").lastChild.textContent = (fen / 100).toFixed(2);
  }
  if (sum) {
    form.addEventListener("input", showSum);
    showSum();
  }
})(document.querySelector("form[enctype]"));
(function (input) {
  // a photo of a phone has several megabytes; 1600 pixels show a fault as well
  var longest = 1600;
  function smaller(file) {
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (picture) {
      var scale = Math.min(1, longest / Math.max(picture.width, picture.height)), canvas = document.createElement("canvas");
      if (scale === 1 && file.size < 1e6) return file;
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) {
        canvas.toBlob(function (blob) {
          done(blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: blob.type }) : file);
        }, "image/jpeg", 0.85);
      });
    }).catch(function () {
      // the server says what is wrong with it
      return file;
    });
  }
  var previews = input.form.querySelector(".previews");
  function show() {
    previews.replaceChildren.apply(previews, Array.from(input.files).map(function (file) {
      var picture = new Image(72, 72), reader = new FileReader();
      picture.alt = file.name;
      reader.onload = function () {
        picture.src = reader.result;
      };
      reader.readAsDataURL(file);
      return picture;
    }));
  }
  input.nextElementSibling.hidden = false;
  input.classList.add("behind");
  input.addEventListener("change", show);
  if (!self.createImageBitmap || !self.DataTransfer) return;
  input.addEventListener("change", function () {
    var send = input.form.querySelector("button");
    send.disabled = true;
    Promise.all(Array.from(input.files).map(smaller)).then(function (files) {
      var list = new DataTransfer();
      files.forEach(function (file) {
        list.items.add(file);
      });
      input.files = list.files;
      send.disabled = false;
    });
  });
})(document.querySelector("input[type=file]"));
