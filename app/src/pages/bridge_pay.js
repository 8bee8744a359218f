(function () {
  var data = document.getElementById("payment").dataset;
  var done = false;
  function finish(result) {
    if (done) return;
    done = true;
    var said = /:(ok|cancel|fail)/.exec((result && result.err_msg) || "");
    if (said) payer.finish(data.orderPage.slice(8), said[1], data.link);
    else location.replace(data.orderPage);
  }
  function pay() {
    if (data.miniprogram) {
      // the shopper returns from the mini program's page
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
  // a page out of the history has already opened the payment
  addEventListener("pageshow", function (event) {
    if (event.persisted) finish();
  });
  // the browser loaded the page again from the history: the mini program must not open twice
  if (window.performance && performance.navigation && performance.navigation.type === 2) return finish();
  if (window.WeixinJSBridge) return pay();
  var limit = setTimeout(finish, 10000);
  document.addEventListener("WeixinJSBridgeReady", function () {
    clearTimeout(limit);
    if (!done) pay();
  });
})();
