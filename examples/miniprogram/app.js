// The app does nothing at its start. The first payment logs the user in (utils/api.js).
App({});
