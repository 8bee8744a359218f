/** WeChat's component that confirms a receipt is a mini program of its own. */
const CONFIRM_COMPONENT = 'wx1183b055aeec94d1';

// The app does nothing at its start. The first payment logs the user in (utils/api.js).
App({
  /** What the component answered last: { status: 'success' | 'fail' | 'cancel', … }. A page takes it. */
  receipt: null,

  onShow({ referrerInfo } = {}) {
    if (referrerInfo && referrerInfo.appId === CONFIRM_COMPONENT) this.receipt = referrerInfo.extraData;
  },
});
