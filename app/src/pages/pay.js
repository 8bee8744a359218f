(function () {
  var data = document.getElementById("payment").dataset;
  var done = false;
  function finish() {
    if (!done) {
      done = true;
      location.replace(data.orderPage);
    }
  }
  function pay() {
    if (data.miniprogram) {
      // back from the mini program's page, this one is shown again
      document.addEventListener("visibilitychange", function () {
        if (document.visibilityState === "visible") finish();
      });
      return WeixinJSBridge.invoke("invokeMiniProgramAPI", {
        name: "navigateTo",
        arg: { url: data.miniprogram },
      });
    }
    WeixinJSBridge.invoke(
      "getBrandWCPayRequest",
      {
        appId: data.appId,
        timeStamp: data.timeStamp,
        nonceStr: data.nonceStr,
        package: data.package,
        signType: data.signType,
        paySign: data.paySign,
      },
      finish
    );
  }
  // a page out of the history has paid, or not, already
  addEventListener("pageshow", function (event) {
    if (event.persisted) finish();
  });
  // fetched anew instead: without this, the way back from the mini program would lead there again
  if (window.performance && performance.navigation && performance.navigation.type === 2) return finish();
  if (window.WeixinJSBridge) return pay();
  var limit = setTimeout(finish, 10000);
  document.addEventListener("WeixinJSBridgeReady", function () {
    clearTimeout(limit);
    if (!done) pay();
  });
})();
